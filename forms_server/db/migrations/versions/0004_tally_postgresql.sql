-- to_jsonb: a proposed household has no item_id, and one function serves both tables.
CREATE OR REPLACE FUNCTION tally_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM tally WHERE campaign_id = '') THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        UPDATE tally SET records = records - 1
        WHERE (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
            = (OLD.campaign_id, OLD.form_id, OLD.unit_code, OLD.problem_type_id,
               coalesce(to_jsonb(OLD) ->> 'item_id', ''), OLD.state);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO tally (campaign_id, form_id, unit_code, problem_type_id, item_id, state, records)
        VALUES (NEW.campaign_id, NEW.form_id, NEW.unit_code, NEW.problem_type_id,
                coalesce(to_jsonb(NEW) ->> 'item_id', ''), NEW.state, 1)
        ON CONFLICT (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
        DO UPDATE SET records = tally.records + 1;
    END IF;
    RETURN NULL;
END $$
