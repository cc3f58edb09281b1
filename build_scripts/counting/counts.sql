-- 汇总表（附件2）的计数口径：全部数字只由这一条查询得出，没有第二处。
-- 用标准 SQL 写成，原样用于 SQLite、PostgreSQL、DuckDB 和 Spark，不带任何一家的专用写法，也不带参数：
-- 每行一个专项、一个填报单位、一个问题类型，由调用的程序挑出本次专项。
--
-- 读三张表：
--   issue               问题整改台账（户内问题、面上问题），一行一个问题
--   proposed_household  拟识别监测对象，一行一户
--   zero_report         单位对某一问题类型报了“经排查无问题”
--
-- 问题的状态 state：rectifying 正在整改，rectified 已整改，closed 已销号，withdrawn 撤销。
-- 督导发现的问题（issue.finding_number 有号）记在问题所在单位的台账里，认领不认领都照样计数，没有单独的口径。
-- 撤销的留在库里，从不计数。正在整改数单独数出来，不用减法：
-- 共排查问题数 = 已整改数 + 正在整改数 是否成立，由程序逐行核对，不成立就不出表。
-- state 为空的也计入共排查问题数，使核对通不过，而不是悄悄漏掉。
--
-- 按村、户类型、责任单位、问题来源、日期等再分时，仍是这一条查询，程序只换两处文字：
--   每一处 campaign_id, unit_code, problem_type_id 后面加上 , part；
--   每一处 FROM 表名 后面换成多一列 part 的同一张表，part 就是要分的那一列，如 village_code。

WITH issues AS (
    SELECT
        campaign_id, unit_code, problem_type_id,
        state,
        COUNT(*) AS records
    FROM issue
    GROUP BY campaign_id, unit_code, problem_type_id, state
),

households AS (
    SELECT
        campaign_id, unit_code, problem_type_id,    -- 一户只有一个主要风险，只在这一行计数
        COUNT(*) AS household_records,              -- 登记的行数，用来核对没有一户登记两次
        COUNT(DISTINCT id) AS proposed_households,  -- 户数
        COALESCE(SUM(people), 0) AS proposed_people -- 人数
    FROM proposed_household
    WHERE state <> 'withdrawn' OR state IS NULL
    GROUP BY campaign_id, unit_code, problem_type_id
),

zeros AS (
    SELECT
        campaign_id, unit_code, problem_type_id,
        COUNT(*) AS zero_reported                   -- 大于 0 即报过“经排查无问题”
    FROM zero_report
    GROUP BY campaign_id, unit_code, problem_type_id
),

counted AS (
    SELECT
        campaign_id, unit_code, problem_type_id,
        records AS found,                                                               -- 共排查问题数
        CASE WHEN state IN ('rectified', 'closed') THEN records ELSE 0 END AS rectified, -- 已整改数
        CASE WHEN state = 'rectifying' THEN records ELSE 0 END AS rectifying,            -- 正在整改数
        0 AS household_records, 0 AS proposed_households, 0 AS proposed_people, 0 AS zero_reported
    FROM issues
    WHERE state <> 'withdrawn' OR state IS NULL
    UNION ALL
    SELECT
        campaign_id, unit_code, problem_type_id,
        0, 0, 0,
        household_records, proposed_households, proposed_people, 0
    FROM households
    UNION ALL
    SELECT
        campaign_id, unit_code, problem_type_id,
        0, 0, 0,
        0, 0, 0, zero_reported
    FROM zeros
)

SELECT
    campaign_id, unit_code, problem_type_id,
    CAST(SUM(found) AS BIGINT) AS found,
    CAST(SUM(rectified) AS BIGINT) AS rectified,
    CAST(SUM(rectifying) AS BIGINT) AS rectifying,
    CAST(SUM(household_records) AS BIGINT) AS household_records,
    CAST(SUM(proposed_households) AS BIGINT) AS proposed_households,
    CAST(SUM(proposed_people) AS BIGINT) AS proposed_people,
    CAST(SUM(zero_reported) AS BIGINT) AS zero_reported
FROM counted
GROUP BY campaign_id, unit_code, problem_type_id
