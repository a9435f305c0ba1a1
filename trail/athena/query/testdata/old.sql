-- columns: the table has no column eventtype, and so does not show which records are no calls
-- columns: the table has no column sharedeventid, and so does not show copies of events in several accounts, which count again
-- columns: the table has no column sourceipaddress, and so does not show some of the calls that are Lambda's own
-- columns: the table has no column useragent, and so does not show functions that are known by the user agent, and some of the calls that are Lambda's own
-- columns: the table has no column useridentity.inscopeof.credentialsissuedto, and so does not show functions whose session or user agent does not tell them
-- columns: the table has no column vpcendpointid, and so does not show calls through VPC endpoints
-- use: the table has no column additionaleventdata, and so does not show what services add to their events
-- use: the table has no column managementevent, and so does not show which calls are data events
-- use: the table has no column resources, and so does not show resources that only the event's list of resources names
-- use: the table has no column responseelements, and so does not show resources that the response names
WITH raw AS (
  SELECT
    coalesce(CAST("eventtime" AS VARCHAR), '') AS eventtime,
    coalesce(CAST("eventsource" AS VARCHAR), '') AS eventsource,
    coalesce(CAST("eventname" AS VARCHAR), '') AS eventname,
    coalesce(CAST("errorcode" AS VARCHAR), '') AS errorcode,
    coalesce(CAST("useridentity"."type" AS VARCHAR), '') AS identity,
    coalesce(CAST("awsregion" AS VARCHAR), '') AS region,
    coalesce(CAST("recipientaccountid" AS VARCHAR), '') AS recipient,
    '' AS eventtype,
    '' AS category,
    CAST(NULL AS VARCHAR) AS management,
    CAST("readonly" AS VARCHAR) AS readonly,
    '' AS address,
    '' AS agent,
    coalesce(CAST("errormessage" AS VARCHAR), '') AS message,
    '' AS endpoint,
    coalesce(CAST("eventid" AS VARCHAR), '') AS eventid,
    '' AS shared,
    coalesce(CAST("useridentity"."arn" AS VARCHAR), '') AS arn,
    coalesce(CAST("useridentity"."accountid" AS VARCHAR), '') AS account,
    coalesce(CAST("useridentity"."invokedby" AS VARCHAR), '') AS invokedby,
    coalesce(CAST("useridentity"."sessioncontext"."sessionissuer"."arn" AS VARCHAR), '') AS issuer,
    '' AS scope,
    CAST("requestparameters" AS VARCHAR) AS request,
    CAST(NULL AS VARCHAR) AS response,
    CAST(NULL AS VARCHAR) AS additional
  FROM "default"."cloudtrail_logs"
  WHERE coalesce(TRY_CAST("year" AS INTEGER) * 10000 + TRY_CAST("month" AS INTEGER) * 100 + TRY_CAST("day" AS INTEGER) >= 20260901, true)
    AND coalesce(TRY_CAST("year" AS INTEGER) * 10000 + TRY_CAST("month" AS INTEGER) * 100 + TRY_CAST("day" AS INTEGER) <= 20261001, true)
),
parsed AS (
  SELECT
    *,
    CASE WHEN regexp_like(eventtime, '\A(19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\z') THEN CAST(to_unixtime(try(from_iso8601_timestamp(eventtime))) AS BIGINT) END AS at,
    try(json_parse(request)) AS request_json,
    try(json_parse(response)) AS response_json,
    category NOT IN ('Insight', 'NetworkActivity', 'Aggregated') AND lower(eventtype) NOT IN ('awsserviceevent', 'awsvpceevent', 'awscloudtrailinsight', 'awsconsolesignin', 'awsconsoleaction') AS called,
    identity = 'AWSService' AND eventname = 'AssumeRole' AND invokedby IN ('lambda.amazonaws.com', 'edgelambda.amazonaws.com') AS assumed,
    CAST(NULL AS VARCHAR) AS projection,
    split('', ',') AS projections,
    split('', ',') AS words
  FROM raw
),
judged AS (
  SELECT
    *,
    CASE WHEN identity = 'AssumedRole' THEN coalesce(CASE WHEN regexp_like(issuer, '\Aarn:[^:]+:iam:[^:]*:[^:]+:role/(?:(?s).*/)?[^/]+\z') THEN issuer WHEN regexp_like(issuer, '\Aarn:([^:]+):sts:[^:]*:([^:]+):assumed-role/([^/]+)/[^/]*\z') THEN regexp_replace(issuer, '\Aarn:([^:]+):sts:[^:]*:([^:]+):assumed-role/([^/]+)/[^/]*\z', 'arn:$1:iam::$2:role/$3') END, CASE WHEN regexp_like(arn, '\Aarn:[^:]+:iam:[^:]*:[^:]+:role/(?:(?s).*/)?[^/]+\z') THEN arn WHEN regexp_like(arn, '\Aarn:([^:]+):sts:[^:]*:([^:]+):assumed-role/([^/]+)/[^/]*\z') THEN regexp_replace(arn, '\Aarn:([^:]+):sts:[^:]*:([^:]+):assumed-role/([^/]+)/[^/]*\z', 'arn:$1:iam::$2:role/$3') END) WHEN assumed AND coalesce(substr(json_format(json_extract(request_json, '$.roleSessionName')), 1, 1) IN ('"', 'n'), true) THEN CASE WHEN regexp_like(CASE WHEN substr(json_format(json_extract(request_json, '$.roleArn')), 1, 1) = '"' THEN json_extract_scalar(request_json, '$.roleArn') END, '\Aarn:[^:]+:iam:[^:]*:[^:]+:role/(?:(?s).*/)?[^/]+\z') THEN CASE WHEN substr(json_format(json_extract(request_json, '$.roleArn')), 1, 1) = '"' THEN json_extract_scalar(request_json, '$.roleArn') END WHEN regexp_like(CASE WHEN substr(json_format(json_extract(request_json, '$.roleArn')), 1, 1) = '"' THEN json_extract_scalar(request_json, '$.roleArn') END, '\Aarn:([^:]+):sts:[^:]*:([^:]+):assumed-role/([^/]+)/[^/]*\z') THEN regexp_replace(CASE WHEN substr(json_format(json_extract(request_json, '$.roleArn')), 1, 1) = '"' THEN json_extract_scalar(request_json, '$.roleArn') END, '\Aarn:([^:]+):sts:[^:]*:([^:]+):assumed-role/([^/]+)/[^/]*\z', 'arn:$1:iam::$2:role/$3') END END AS role,
    CASE WHEN projection IS NULL THEN CAST(ARRAY[] AS ARRAY(VARCHAR)) ELSE transform(split(element_at(projections, CAST(projection AS INTEGER)), ' '), i -> element_at(words, CAST(i AS INTEGER))) END AS tokens,
    CASE WHEN identity = 'AssumedRole' THEN CASE WHEN strpos(arn, ':assumed-role/') > 0 THEN regexp_extract(substr(arn, strpos(arn, ':assumed-role/') + 14), '[^/]*\z') ELSE '' END WHEN assumed THEN CASE WHEN substr(json_format(json_extract(request_json, '$.roleSessionName')), 1, 1) = '"' THEN json_extract_scalar(request_json, '$.roleSessionName') END END AS session,
    coalesce(at >= 1788264000 AND at < 1790812800, true) AS inside
  FROM parsed
),
kept AS (
  SELECT
    *,
    called AND role IS NOT NULL AND inside AS keep,
    substr(json_format(request_json), 1, 1) AS start
  FROM judged
),
named AS (
  SELECT
    *,
    CASE WHEN keep AND start = '{' THEN substr(element_at(filter(tokens, t -> substr(t, 1, 1) = '!'), 1), 2) END AS wide
  FROM kept
),
reduced AS (
  SELECT
    *,
    CASE WHEN wide IS NOT NULL AND substr(json_format(element_at(CAST(request_json AS MAP(VARCHAR, JSON)), wide)), 1, 1) = '"' THEN CAST(element_at(CAST(request_json AS MAP(VARCHAR, JSON)), wide) AS VARCHAR) END AS whole,
    CASE WHEN strpos(message, 'is not authorized to perform: ') > 0 THEN regexp_replace(substr(message, strpos(message, 'is not authorized to perform: ')), '(Encoded authorization failure message: )[A-Za-z0-9_/+=-]{20,}', '$1-') END AS denial
  FROM named
),
spaced AS (
  SELECT
    *,
    CASE WHEN strpos(whole, chr(0)) = 0 AND length(to_utf8(whole)) <= 2048 THEN nullif(regexp_replace(whole, '((?:month|day|hour)=)[0-9]{1,2}|([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9]{4}[-/_.][0-9]{2}[-/_.][0-9]{2}(?:[-/_.:T ][0-9]{2})*|[0-9a-fA-F]{12,}|[0-9]{4,})', x -> CASE WHEN x[1] IS NOT NULL THEN x[1] || chr(0) WHEN length(x[2]) >= 12 AND NOT regexp_like(x[2], '[0-9]') THEN x[2] ELSE chr(0) END), whole) END AS gaps
  FROM reduced
),
records AS (
  SELECT
    json_format(CAST(ARRAY[
      nullif(CASE WHEN keep AND projection IS NOT NULL THEN 'p' WHEN keep THEN 'u' WHEN inside THEN 's' ELSE 'o' END, ''),
      nullif(CASE WHEN at IS NULL THEN eventtime END, ''),
      nullif(eventsource, ''),
      nullif(CASE WHEN keep OR assumed OR eventname = '' OR regexp_like(eventname, '\A(?:-?[0-9]+(?:\.[0-9]+)?|true|false|[{\[](?s).*)\z') THEN eventname ELSE '-' END, ''),
      nullif(CASE WHEN lower(eventtype) IN ('awsserviceevent', 'awsvpceevent', 'awscloudtrailinsight', 'awsconsolesignin', 'awsconsoleaction') THEN lower(eventtype) END, ''),
      nullif(CASE WHEN category IN ('Insight', 'NetworkActivity', 'Aggregated', 'Data') THEN category END, ''),
      nullif(region, ''),
      nullif(recipient, ''),
      nullif(CASE WHEN recipient = '' THEN account END, ''),
      nullif(CASE WHEN keep THEN CASE WHEN address = 'lambda.amazonaws.com' THEN address END END, ''),
      nullif(CASE WHEN keep THEN CASE WHEN agent = 'lambda.amazonaws.com' THEN agent ELSE CASE WHEN strpos(agent, 'awslambda-worker') = 1 THEN 'awslambda-worker' ELSE '' END || CASE WHEN strpos(agent, 'exec-env/AWS_Lambda_') > 0 THEN ' exec-env/AWS_Lambda_' ELSE '' END END END, ''),
      nullif(CASE WHEN keep THEN errorcode END, ''),
      nullif(CASE WHEN keep THEN CASE
        WHEN denial IS NOT NULL AND gaps IS NOT NULL THEN regexp_replace(replace(replace(denial || ' ', whole || '" ', gaps || '" '), whole || ' ', gaps || ' '), ' \z', '')
        WHEN denial IS NOT NULL THEN denial
        WHEN message = '' THEN ''
        WHEN strpos(lower(message), 'is not authorized to perform') > 0 OR strpos(lower(message), 'you are not authorized to perform this operation') > 0 OR strpos(lower(message), 'access denied') = 1 THEN 'access denied'
        WHEN regexp_like(lower(message), 'do(?:es)? not have (?:access|permission)|do(?:es)?n''t have (?:access|permission)|do not have sufficient permission|don''t have sufficient permission|not authorized|not accessible|access to it is denied|lack of permission') THEN 'not authorized'
        ELSE '-'
      END END, ''),
      nullif(CASE WHEN keep THEN CASE WHEN denial IS NOT NULL AND length(to_utf8(message)) >= 1024 THEN '1' END END, ''),
      nullif(CASE WHEN keep THEN endpoint END, ''),
      nullif(readonly, ''),
      nullif(management, ''),
      nullif(identity, ''),
      nullif(CASE WHEN keep THEN role WHEN called AND role IS NOT NULL THEN 'arn:aws:iam::' || '0' || ':role/-' END, ''),
      nullif(CASE WHEN keep THEN CASE WHEN identity = 'AssumedRole' AND CASE WHEN regexp_like(scope, '\A(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+)(:[^:]*)?\z') THEN regexp_extract(scope, '\A(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+)(:[^:]*)?\z', 1) ELSE '' END <> '' AND NOT regexp_like(session, '\Aawslambda_[0-9]+_[0-9]+\z') THEN '' WHEN assumed AND regexp_like(session, '\A[A-Za-z0-9_-]{1,64}\z') AND NOT regexp_like(session, '\Aawslambda_[0-9]+_[0-9]+\z') THEN session ELSE CASE WHEN regexp_like(session, '\Aawslambda_[0-9]+_[0-9]+\z') THEN 'awslambda_0_0' ELSE regexp_replace(session, '([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{12,}|[0-9]{4,})', x -> CASE WHEN length(x[1]) >= 12 AND NOT regexp_like(x[1], '[0-9]') THEN x[1] ELSE '#' END) END END END, ''),
      nullif(CASE WHEN keep OR assumed THEN invokedby END, ''),
      nullif(CASE WHEN keep THEN CASE WHEN regexp_like(scope, '\A(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+)(:[^:]*)?\z') THEN regexp_extract(scope, '\A(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+)(:[^:]*)?\z', 1) ELSE '' END END, ''),
      nullif(CASE
        WHEN request IS NULL OR json_format(request_json) = 'null' THEN NULL
        WHEN request_json IS NULL THEN request
        WHEN start <> '{' THEN '[]'
        WHEN NOT keep THEN '{}'
        WHEN length(to_utf8(request)) <= 512 AND json_format(json_extract(request_json, '$.omitted')) = 'true' AND (json_format(json_extract(request_json, '$.reason')) LIKE '"_%"' OR regexp_like(json_format(json_extract(request_json, '$.originalSize')), '\A-?[0-9]')) THEN '{"omitted":true,"reason":"-"}'
        ELSE json_format(JSON '{}')
      END, ''),
      nullif(CASE
        WHEN response IS NULL OR json_format(response_json) = 'null' THEN NULL
        WHEN response_json IS NULL THEN response
        WHEN substr(json_format(response_json), 1, 1) <> '{' THEN '[]'
      END, ''),
      nullif(NULL, ''),
      nullif(NULL, ''),
      nullif(CASE WHEN keep THEN CASE WHEN eventsource = 'kms.amazonaws.com' AND eventname = 'Decrypt' AND invokedby = '' AND strpos(request, '"aws:lambda:FunctionArn"') > 0 THEN '1' END END, ''),
      nullif(CASE WHEN gaps IS NOT NULL THEN wide END, '')
    ] AS JSON)) AS record,
    CASE WHEN gaps IS NOT NULL THEN whole END AS name,
    at AS at,
    CASE WHEN keep THEN eventid ELSE '' END AS event,
    CASE WHEN keep THEN shared ELSE '' END AS copy,
    CASE WHEN keep AND shared <> '' THEN role ELSE '' END AS role,
    CASE WHEN keep AND shared <> '' THEN eventname ELSE '' END AS eventname
  FROM spaced
),
events AS (
  SELECT record, name, at, event, copy, role, eventname, count(*) AS copies
  FROM records
  GROUP BY record, name, at, event, copy, role, eventname
),
counted AS (
  SELECT *,
    CASE WHEN copy = '' THEN 1 ELSE row_number() OVER (PARTITION BY CASE WHEN copy = '' THEN event ELSE copy END, role, eventname, at ORDER BY event, record, name) END AS nth
  FROM events
),
grouped AS (
  SELECT
    record,
    min(name) AS first_name,
    max(name) AS last_name,
    sum(copies) AS records,
    sum(CASE WHEN nth > 1 THEN 0 WHEN event = '' AND copy = '' THEN copies ELSE 1 END) AS events,
    min(at) AS first_at,
    max(at) AS last_at,
    array_agg(DISTINCT at / 86400) FILTER (WHERE at IS NOT NULL) AS days,
    min(lpad(CAST(253402300799 - coalesce(at, 253402300799) AS VARCHAR), 12, '0') || event, 16) FILTER (WHERE event <> '' AND nth = 1) AS latest
  FROM counted
  GROUP BY record, nth > 1
)
SELECT
  record,
  CASE WHEN first_name = last_name THEN json_format(CAST(first_name AS JSON)) ELSE '' END AS name,
  CAST(records AS VARCHAR) AS records,
  CAST(events AS VARCHAR) AS events,
  coalesce(CAST(first_at AS VARCHAR), '') AS first_time,
  coalesce(CAST(last_at AS VARCHAR), '') AS last_time,
  coalesce(array_join(transform(array_sort(days), d -> d - first_at / 86400), ','), '') AS days,
  json_format(CAST(coalesce(reduce(latest, CAST(ARRAY[] AS ARRAY(VARCHAR)), (s, x) -> CASE WHEN any_match(s, y -> substr(y, 13) = substr(x, 13)) THEN s ELSE s || x END, s -> slice(s, 1, 3)), ARRAY[]) AS JSON)) AS ids
FROM grouped
