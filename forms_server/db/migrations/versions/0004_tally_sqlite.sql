DROP TRIGGER tally_issue_insert

CREATE TRIGGER tally_issue_insert AFTER INSERT ON issue
WHEN NOT EXISTS (SELECT 1 FROM tally WHERE campaign_id = '') BEGIN
    INSERT INTO tally (campaign_id, form_id, unit_code, problem_type_id, item_id, state, records)
    VALUES (NEW.campaign_id, NEW.form_id, NEW.unit_code, NEW.problem_type_id, coalesce(NEW.item_id, ''), NEW.state, 1)
    ON CONFLICT (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
    DO UPDATE SET records = records + 1;
END

DROP TRIGGER tally_proposed_household_insert

CREATE TRIGGER tally_proposed_household_insert AFTER INSERT ON proposed_household
WHEN NOT EXISTS (SELECT 1 FROM tally WHERE campaign_id = '') BEGIN
    INSERT INTO tally (campaign_id, form_id, unit_code, problem_type_id, item_id, state, records)
    VALUES (NEW.campaign_id, NEW.form_id, NEW.unit_code, NEW.problem_type_id, '', NEW.state, 1)
    ON CONFLICT (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
    DO UPDATE SET records = records + 1;
END
