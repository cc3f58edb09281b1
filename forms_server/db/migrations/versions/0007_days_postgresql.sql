INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
SELECT campaign_id, unit_code, day, sum(found), sum(rectified) FROM (
    SELECT campaign_id, unit_code, date(created_at) AS day, 1 AS found, 0 AS rectified
    FROM issue WHERE state <> 'withdrawn'
    UNION ALL
    SELECT campaign_id, unit_code, greatest(date(created_at), rectified_on), 0, 1
    FROM issue WHERE state IN ('rectified', 'closed') AND rectified_on IS NOT NULL
) AS each
GROUP BY campaign_id, unit_code, day

-- day_tally.found: found alone is a variable of PL/pgSQL.
CREATE FUNCTION day_tally_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM tally WHERE campaign_id = '') THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE day_tally SET found = day_tally.found - 1
        WHERE (campaign_id, unit_code, day) = (OLD.campaign_id, OLD.unit_code, date(OLD.created_at))
            AND OLD.state <> 'withdrawn';
        UPDATE day_tally SET rectified = day_tally.rectified - 1
        WHERE (campaign_id, unit_code, day)
            = (OLD.campaign_id, OLD.unit_code, greatest(date(OLD.created_at), OLD.rectified_on))
            AND OLD.state IN ('rectified', 'closed') AND OLD.rectified_on IS NOT NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
        SELECT NEW.campaign_id, NEW.unit_code, date(NEW.created_at), 1, 0
        WHERE NEW.state <> 'withdrawn'
        ON CONFLICT (campaign_id, unit_code, day) DO UPDATE SET found = day_tally.found + 1;
        INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
        SELECT NEW.campaign_id, NEW.unit_code, greatest(date(NEW.created_at), NEW.rectified_on), 0, 1
        WHERE NEW.state IN ('rectified', 'closed') AND NEW.rectified_on IS NOT NULL
        ON CONFLICT (campaign_id, unit_code, day) DO UPDATE SET rectified = day_tally.rectified + 1;
    END IF;
    RETURN NULL;
END $$

CREATE TRIGGER day_tally_issue
AFTER INSERT OR DELETE OR UPDATE OF campaign_id, unit_code, state, created_at, rectified_on ON issue
FOR EACH ROW EXECUTE FUNCTION day_tally_change()
