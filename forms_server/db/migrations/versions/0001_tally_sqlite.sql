CREATE TRIGGER tally_issue_insert AFTER INSERT ON issue BEGIN
    INSERT INTO tally (campaign_id, form_id, unit_code, problem_type_id, item_id, state, records)
    VALUES (NEW.campaign_id, NEW.form_id, NEW.unit_code, NEW.problem_type_id, coalesce(NEW.item_id, ''), NEW.state, 1)
    ON CONFLICT (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
    DO UPDATE SET records = records + 1;
END

CREATE TRIGGER tally_issue_update
AFTER UPDATE OF campaign_id, form_id, unit_code, problem_type_id, item_id, state ON issue BEGIN
    UPDATE tally SET records = records - 1
    WHERE (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
        = (OLD.campaign_id, OLD.form_id, OLD.unit_code, OLD.problem_type_id, coalesce(OLD.item_id, ''), OLD.state);
    INSERT INTO tally (campaign_id, form_id, unit_code, problem_type_id, item_id, state, records)
    VALUES (NEW.campaign_id, NEW.form_id, NEW.unit_code, NEW.problem_type_id, coalesce(NEW.item_id, ''), NEW.state, 1)
    ON CONFLICT (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
    DO UPDATE SET records = records + 1;
END

CREATE TRIGGER tally_issue_delete AFTER DELETE ON issue BEGIN
    UPDATE tally SET records = records - 1
    WHERE (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
        = (OLD.campaign_id, OLD.form_id, OLD.unit_code, OLD.problem_type_id, coalesce(OLD.item_id, ''), OLD.state);
END

CREATE TRIGGER tally_proposed_household_insert AFTER INSERT ON proposed_household BEGIN
    INSERT INTO tally (campaign_id, form_id, unit_code, problem_type_id, item_id, state, records)
    VALUES (NEW.campaign_id, NEW.form_id, NEW.unit_code, NEW.problem_type_id, '', NEW.state, 1)
    ON CONFLICT (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
    DO UPDATE SET records = records + 1;
END

CREATE TRIGGER tally_proposed_household_update
AFTER UPDATE OF campaign_id, form_id, unit_code, problem_type_id, state ON proposed_household BEGIN
    UPDATE tally SET records = records - 1
    WHERE (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
        = (OLD.campaign_id, OLD.form_id, OLD.unit_code, OLD.problem_type_id, '', OLD.state);
    INSERT INTO tally (campaign_id, form_id, unit_code, problem_type_id, item_id, state, records)
    VALUES (NEW.campaign_id, NEW.form_id, NEW.unit_code, NEW.problem_type_id, '', NEW.state, 1)
    ON CONFLICT (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
    DO UPDATE SET records = records + 1;
END

CREATE TRIGGER tally_proposed_household_delete AFTER DELETE ON proposed_household BEGIN
    UPDATE tally SET records = records - 1
    WHERE (campaign_id, form_id, unit_code, problem_type_id, item_id, state)
        = (OLD.campaign_id, OLD.form_id, OLD.unit_code, OLD.problem_type_id, '', OLD.state);
END
