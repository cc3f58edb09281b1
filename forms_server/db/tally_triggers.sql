-- The triggers that keep the tallies, as every database of today's version has them (forms_server/db/tally_triggers.py).
--
-- A rule says once what a record adds to a tally: ROW is NEW, OLD, or one of many that are inserted together; TIMES is
-- 1, -1, or how many of them are alike. The frames make triggers of the rules, one frame a database. A change here
-- needs a migration of its own, which may be empty: whatever migrates installs all of this at its end.

-- == rule tally
INSERT INTO tally (campaign_id, unit_code, form_id, problem_type_id, item_id, state, records)
VALUES (ROW.campaign_id, ROW.unit_code, ROW.form_id, ROW.problem_type_id, coalesce(ROW.item_id, ''), ROW.state, TIMES)
ON CONFLICT (campaign_id, unit_code, form_id, problem_type_id, item_id, state)
DO UPDATE SET records = tally.records + excluded.records;

-- == rule day_tally
-- An issue that was rectified before it was filed counts on the day it was filed.
INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
SELECT ROW.campaign_id, ROW.unit_code, date(ROW.created_at), TIMES, 0
WHERE ROW.state <> 'withdrawn'
ON CONFLICT (campaign_id, unit_code, day) DO UPDATE SET found = day_tally.found + excluded.found;
INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
SELECT ROW.campaign_id, ROW.unit_code,
    CASE WHEN ROW.rectified_on > date(ROW.created_at) THEN ROW.rectified_on ELSE date(ROW.created_at) END, 0, TIMES
WHERE ROW.state IN (COUNT_AS_RECTIFIED) AND ROW.rectified_on IS NOT NULL
ON CONFLICT (campaign_id, unit_code, day) DO UPDATE SET rectified = day_tally.rectified + excluded.rectified;

-- == pause
-- While this row is there, no trigger counts what is inserted. No other transaction ever sees it.
INSERT INTO tally (campaign_id, unit_code, form_id, problem_type_id, item_id, state, records)
VALUES ('', '', '', '', '', '', 0);

-- == resume
DELETE FROM tally WHERE campaign_id = '';

-- == frame sqlite
CREATE TRIGGER {name}_insert AFTER INSERT ON {table}
WHEN NOT EXISTS (SELECT 1 FROM tally WHERE campaign_id = '') BEGIN
    {add}
END

CREATE TRIGGER {name}_update AFTER UPDATE OF {columns} ON {table} BEGIN
    {take}
    {add}
END

CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN
    {take}
END

-- == frame postgresql
CREATE FUNCTION {name}_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM tally WHERE campaign_id = '') THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        {take}
    END IF;
    IF TG_OP <> 'DELETE' THEN
        {add}
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER {name} AFTER INSERT OR DELETE OR UPDATE OF {columns} ON {table}
FOR EACH ROW EXECUTE FUNCTION {name}_change()
