-- Up Migration
-- Accounts with a life of their own, dated grants, second factors, effective-dated security policy, integration tokens, notices.

ALTER TABLE accounts
  ALTER COLUMN role DROP NOT NULL,
  ALTER COLUMN password_hash DROP NOT NULL,
  ADD COLUMN version         int NOT NULL DEFAULT 1,
  ADD COLUMN status          text NOT NULL DEFAULT 'active' CHECK (status IN ('pending', 'active', 'disabled')),
  -- The staff number that tells which human being this is; NULL for demo accounts and services.
  ADD COLUMN person_no       text,
  ADD COLUMN phone           text,
  ADD COLUMN role_expires_at timestamptz,
  ADD COLUMN created_at      timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN created_by      int REFERENCES accounts,
  ADD COLUMN password_set_at timestamptz,
  ADD COLUMN must_change_password boolean NOT NULL DEFAULT false,
  ADD COLUMN oidc_subject    text UNIQUE,
  -- In small letters once: looking for a part costs a third of what ILIKE does on Chinese names, which are too short for trigrams.
  ADD COLUMN search          text NOT NULL GENERATED ALWAYS AS (lower(username || ' ' || display_name)) STORED,
  ADD CHECK (status <> 'active' OR role IS NOT NULL);

-- The law of the three administrators in the database itself: one person, one of the three, whatever two transactions do at once.
CREATE UNIQUE INDEX accounts_one_separated_role ON accounts (person_no)
  WHERE role IN ('system_admin', 'security_admin', 'audit_admin');
CREATE INDEX accounts_by_organisation ON accounts (organisation_id);
CREATE INDEX accounts_by_creator ON accounts (created_by);
CREATE INDEX accounts_by_driver ON accounts (driver_id);
CREATE INDEX accounts_search ON accounts USING gin (search gin_trgm_ops);

-- A grant from its request to its end. The account's role is what its current grant says; both are written in one transaction.
CREATE TABLE role_grants (
  grant_id        int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id      int NOT NULL REFERENCES accounts,
  role            text NOT NULL,
  organisation_id int NOT NULL REFERENCES organisations,
  requested_at    timestamptz,
  requested_by    int REFERENCES accounts,
  request_reason  text,
  granted_at      timestamptz,
  granted_by      int REFERENCES accounts,
  reason          text,
  expires_at      timestamptz,
  ended_at        timestamptz,
  ended_by        int REFERENCES accounts,
  end_reason      text
);
CREATE UNIQUE INDEX role_grants_current ON role_grants (account_id) WHERE granted_at IS NOT NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX role_grants_requested ON role_grants (account_id) WHERE granted_at IS NULL AND ended_at IS NULL;
CREATE INDEX role_grants_by_account ON role_grants (account_id, grant_id);

CREATE TABLE password_history (
  history_id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id    int NOT NULL REFERENCES accounts,
  password_hash text NOT NULL,
  set_at        timestamptz NOT NULL
);
CREATE INDEX password_history_by_account ON password_history (account_id, history_id);

-- By name and not by account: a name that nobody has locks just the same, so that a lock tells nothing.
CREATE TABLE sign_in_failures (
  name_key     text PRIMARY KEY,
  failures     int NOT NULL,
  last_at      timestamptz NOT NULL,
  locked_until timestamptz
);

CREATE TABLE second_factors (
  account_id  int PRIMARY KEY REFERENCES accounts,
  -- Sealed with the installation's key; a copy of this table makes no codes.
  secret      bytea NOT NULL,
  -- The newest time step whose code was taken: it and everything before it is never taken again.
  last_step   bigint NOT NULL,
  enrolled_at timestamptz NOT NULL
);
CREATE TABLE recovery_codes (
  account_id int NOT NULL REFERENCES accounts,
  code_hash  bytea NOT NULL,
  used_at    timestamptz,
  PRIMARY KEY (account_id, code_hash)
);

ALTER TABLE sessions
  ADD COLUMN session_id    int GENERATED ALWAYS AS IDENTITY UNIQUE,
  -- What still stands between the password and the work; 'open' when nothing does.
  ADD COLUMN step          text NOT NULL DEFAULT 'open' CHECK (step IN ('totp', 'password', 'enrol', 'notice', 'open')),
  ADD COLUMN factor_passed boolean NOT NULL DEFAULT false,
  ADD COLUMN method        text NOT NULL DEFAULT 'password' CHECK (method IN ('password', 'oidc')),
  ADD COLUMN address       text,
  ADD COLUMN agent         text,
  -- A second factor on its way to be enrolled, sealed.
  ADD COLUMN new_secret    bytea;

CREATE TABLE security_policies (
  policy_id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  effective_from timestamptz NOT NULL,
  -- The shape is securityLimitsSchema of the contracts.
  limits         jsonb NOT NULL,
  set_at         timestamptz NOT NULL,
  set_by         int REFERENCES accounts,
  reason         text NOT NULL
);
CREATE INDEX security_policies_by_time ON security_policies (effective_from DESC, policy_id DESC);
INSERT INTO security_policies (effective_from, limits, set_at, reason) VALUES ('2000-01-01Z', '{
  "minLength": 10, "classes": 3, "history": 5, "maxAgeDays": 90, "warnDays": 14,
  "lockAfterFailures": 5, "lockMinutes": 15, "idleMinutes": 30, "absoluteHours": 12, "tokenMaxDays": 365, "auditKeepDays": 184,
  "secondFactorRoles": ["system_admin", "security_admin", "audit_admin", "bureau_admin", "inspector"]
}', '2000-01-01Z', '初始策略');

CREATE TABLE api_tokens (
  token_id        int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_hash      bytea NOT NULL UNIQUE,
  -- The token may do what this account may, and of that only its own capabilities in its own subtree.
  account_id      int NOT NULL REFERENCES accounts,
  name            text NOT NULL,
  capabilities    text[] NOT NULL,
  organisation_id int NOT NULL REFERENCES organisations,
  expires_at      timestamptz NOT NULL,
  reason          text NOT NULL,
  created_at      timestamptz NOT NULL,
  created_by      int NOT NULL REFERENCES accounts,
  last_used_at    timestamptz,
  revoked_at      timestamptz,
  revoked_by      int REFERENCES accounts
);
CREATE INDEX api_tokens_by_account ON api_tokens (account_id);

-- What whoever's position is shown must have read before the first work; a new version is asked for anew.
CREATE TABLE notices (
  notice_id      int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  effective_from timestamptz NOT NULL,
  title_zh       text NOT NULL,
  text_zh        text NOT NULL,
  title_en       text NOT NULL,
  text_en        text NOT NULL,
  published_at   timestamptz NOT NULL,
  published_by   int REFERENCES accounts
);
CREATE TABLE notice_acknowledgements (
  account_id int NOT NULL REFERENCES accounts,
  notice_id  int NOT NULL REFERENCES notices,
  at         timestamptz NOT NULL,
  PRIMARY KEY (account_id, notice_id)
);
INSERT INTO notices (effective_from, published_at, title_zh, title_en, text_zh, text_en) VALUES ('2000-01-01Z', '2000-01-01Z',
'车辆定位与行踪轨迹信息处理告知书', 'Notice on vehicle positions and tracks',
'您驾驶的公务用车装有卫星定位终端。车辆行驶期间，系统采集车辆的位置、时间、速度、里程和车辆状态，并与派车任务和驾驶员关联。行踪轨迹属于敏感个人信息。

处理目的：公务用车的调度、安全管理、费用核算和依法监督，不用于与公务用车管理无关的用途。

查看范围：仅限按组织层级授权的管理人员；每次查看轨迹均记录查看人、时间和事由，并接受审计。

保存期限：位置明细和行程记录按系统公布的期限保存，期满删除；审计记录保存不少于六个月。

您的权利：可以查询、复制与本人有关的记录，对不准确的记录提出更正，对处理活动提出询问或投诉。请向本单位公务用车管理部门或机关事务管理部门提出。

点击“已阅读并知悉”即表示您已阅读本告知书。系统记录您确认的时间和告知书版本。',
'The official vehicle you drive carries a satellite positioning terminal. While it is used, the system collects its position, time, speed, distance and state, and connects them with dispatch orders and drivers. Tracks are sensitive personal information.

Purpose: dispatch, safety, costs and lawful supervision of official vehicles, and nothing else.

Who sees it: staff authorised within their part of the organisation. Every look at a track is recorded with who, when and why, and is audited.

How long: positions and trips are kept for the periods published in the system and then deleted; audit records are kept for at least six months.

Your rights: you may see and copy records about you, ask for corrections, and ask questions or complain. Turn to the vehicle management of your unit or to the office affairs bureau.

By choosing "I have read this" you confirm that you have read this notice. The time and the version of the notice are recorded.');

-- Down Migration
DROP TABLE notice_acknowledgements, notices, api_tokens, security_policies, recovery_codes, second_factors, sign_in_failures,
  password_history, role_grants;
ALTER TABLE sessions DROP COLUMN session_id, DROP COLUMN step, DROP COLUMN factor_passed, DROP COLUMN method, DROP COLUMN address,
  DROP COLUMN agent, DROP COLUMN new_secret;
DROP INDEX accounts_search, accounts_by_driver, accounts_by_organisation, accounts_one_separated_role;
ALTER TABLE accounts DROP COLUMN version, DROP COLUMN status, DROP COLUMN person_no, DROP COLUMN phone, DROP COLUMN role_expires_at,
  DROP COLUMN created_at, DROP COLUMN created_by, DROP COLUMN password_set_at, DROP COLUMN must_change_password, DROP COLUMN oidc_subject,
  DROP COLUMN search;
