INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
SELECT campaign_id, unit_code, day, sum(found), sum(rectified) FROM (
    SELECT campaign_id, unit_code, date(created_at) AS day, 1 AS found, 0 AS rectified
    FROM issue WHERE state <> 'withdrawn'
    UNION ALL
    SELECT campaign_id, unit_code, max(date(created_at), rectified_on), 0, 1
    FROM issue WHERE state IN ('rectified', 'closed') AND rectified_on IS NOT NULL
) AS each
GROUP BY campaign_id, unit_code, day

CREATE TRIGGER day_tally_insert AFTER INSERT ON issue
WHEN NOT EXISTS (SELECT 1 FROM tally WHERE campaign_id = '') BEGIN
    INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
    SELECT NEW.campaign_id, NEW.unit_code, date(NEW.created_at), 1, 0
    WHERE NEW.state <> 'withdrawn'
    ON CONFLICT (campaign_id, unit_code, day) DO UPDATE SET found = found + 1;
    INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
    SELECT NEW.campaign_id, NEW.unit_code, max(date(NEW.created_at), NEW.rectified_on), 0, 1
    WHERE NEW.state IN ('rectified', 'closed') AND NEW.rectified_on IS NOT NULL
    ON CONFLICT (campaign_id, unit_code, day) DO UPDATE SET rectified = rectified + 1;
END

CREATE TRIGGER day_tally_update
AFTER UPDATE OF campaign_id, unit_code, state, created_at, rectified_on ON issue BEGIN
    UPDATE day_tally SET found = found - 1
    WHERE (campaign_id, unit_code, day) = (OLD.campaign_id, OLD.unit_code, date(OLD.created_at))
        AND OLD.state <> 'withdrawn';
    UPDATE day_tally SET rectified = rectified - 1
    WHERE (campaign_id, unit_code, day)
        = (OLD.campaign_id, OLD.unit_code, max(date(OLD.created_at), OLD.rectified_on))
        AND OLD.state IN ('rectified', 'closed');
    INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
    SELECT NEW.campaign_id, NEW.unit_code, date(NEW.created_at), 1, 0
    WHERE NEW.state <> 'withdrawn'
    ON CONFLICT (campaign_id, unit_code, day) DO UPDATE SET found = found + 1;
    INSERT INTO day_tally (campaign_id, unit_code, day, found, rectified)
    SELECT NEW.campaign_id, NEW.unit_code, max(date(NEW.created_at), NEW.rectified_on), 0, 1
    WHERE NEW.state IN ('rectified', 'closed') AND NEW.rectified_on IS NOT NULL
    ON CONFLICT (campaign_id, unit_code, day) DO UPDATE SET rectified = rectified + 1;
END

CREATE TRIGGER day_tally_delete AFTER DELETE ON issue BEGIN
    UPDATE day_tally SET found = found - 1
    WHERE (campaign_id, unit_code, day) = (OLD.campaign_id, OLD.unit_code, date(OLD.created_at))
        AND OLD.state <> 'withdrawn';
    UPDATE day_tally SET rectified = rectified - 1
    WHERE (campaign_id, unit_code, day)
        = (OLD.campaign_id, OLD.unit_code, max(date(OLD.created_at), OLD.rectified_on))
        AND OLD.state IN ('rectified', 'closed');
END
