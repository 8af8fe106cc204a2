import { isIP } from 'node:net';

/** A setting that is missing or malformed; named, so that whoever starts the service can mend it. */
export class BadSetting extends Error {
  constructor(variable: string, why: string) {
    super(`The setting ${variable} ${why}`);
    this.name = 'BadSetting';
  }
}

/** Everything the environment decides, read and checked once at boot. */
export interface Config {
  readonly environment: 'production' | 'development' | 'test';
  readonly host: string;
  readonly port: number;
  /** The service's own connection: a role that owns nothing and cannot bypass row-level security. */
  readonly databaseUrl: string;
  readonly databasePoolSize: number;
  /** Where mail goes, e.g. smtp://mail:1025; absent: messages are only logged as "not sent". */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** Photos and documents: a folder, or a bucket. */
  readonly fileStore: string | S3Settings;
  readonly sessionHours: number;
  /** A session that nobody uses for this long ends. */
  readonly sessionIdleMinutes: number;
  /** Where people reach the service in a browser: links in mail begin with it. */
  readonly webUrl: string;
  /** AES-256 keys that seal stored secrets: the first seals, all open. Empty: nothing that needs sealing can be set up. */
  readonly secretsKeys: readonly Buffer[];
  /** Whether webhooks and identity providers may be on this machine itself: for development and tests only. */
  readonly allowLoopback: boolean;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  /** Addresses of reverse proxies whose X-Forwarded-For is believed; none by default. */
  readonly trustedProxies: readonly string[];
  /** Secrets the audit trail is sealed with, by key id: the first makes new seals, the others prove old ones. */
  readonly auditKeys: ReadonlyMap<string, Buffer>;
  /** Origins whose pages may call the API from a browser; none by default. */
  readonly corsOrigins: readonly string[];
  /** Whether this process also answers /docs. */
  readonly serveDocs: boolean;
}

/** A bucket of a store that speaks S3. */
export interface S3Settings {
  readonly bucket: string;
  /** null: Amazon's own. */
  readonly endpoint: string | null;
  readonly region: string;
  /** null: whatever the machine was given (its role, its profile). */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
}

export const CONFIG = Symbol('Config');

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws BadSetting naming the first variable that is wrong. */
export function readConfig(env: Environment = process.env): Config {
  const environment = oneOf(env, 'NODE_ENV', ['production', 'development', 'test'], 'development');
  return {
    environment,
    host: text(env, 'HOST', '127.0.0.1'),
    port: whole(env, 'PORT', 3000, 0, 65_535),
    databaseUrl: databaseUrl(env),
    databasePoolSize: whole(env, 'DATABASE_POOL_SIZE', 16, 1, 200),
    smtpUrl: smtpUrl(env),
    mailFrom: text(env, 'MAIL_FROM', 'no-reply@revisit.invalid'),
    fileStore: fileStore(env),
    sessionHours: whole(env, 'SESSION_HOURS', 12, 1, 168),
    sessionIdleMinutes: whole(env, 'SESSION_IDLE_MINUTES', 120, 5, 1440),
    webUrl: webUrl(env, environment === 'production'),
    secretsKeys: secretsKeys(env, environment === 'production'),
    allowLoopback: allowLoopback(env, environment === 'production'),
    logLevel: oneOf(env, 'LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'silent'], 'info'),
    trustedProxies: addresses(env, 'TRUSTED_PROXIES'),
    auditKeys: auditKeys(env),
    corsOrigins: origins(env, 'CORS_ORIGINS'),
    serveDocs: oneOf(env, 'SERVE_DOCS', ['true', 'false'], 'true') === 'true',
  };
}

const text = (env: Environment, name: string, fallback: string): string => env[name]?.trim() || fallback;

function oneOf<T extends string>(env: Environment, name: string, allowed: readonly T[], fallback: T): T {
  const value = text(env, name, fallback);
  const found = allowed.find((word) => word === value);
  if (!found) throw new BadSetting(name, `must be one of ${allowed.join(', ')}, not "${value}"`);
  return found;
}

function whole(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const value = text(env, name, String(fallback));
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max) {
    throw new BadSetting(name, `must be a whole number from ${min} to ${max}, not "${value}"`);
  }
  return number;
}

function databaseUrl(env: Environment): string {
  const value = env['DATABASE_URL'];
  if (!value)
    throw new BadSetting('DATABASE_URL', 'is missing: postgresql://role:password@host:5432/database');
  if (!URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol)) {
    throw new BadSetting('DATABASE_URL', 'must look like postgresql://role:password@host:5432/database');
  }
  return value;
}

/** A folder, or `s3://bucket?endpoint=https://store.example&region=eu-central-1`. */
function fileStore(env: Environment): string | S3Settings {
  const value = text(env, 'FILE_STORE', '.revisit/files');
  if (!/^[a-z\d]+:\/\//i.test(value)) return value;
  if (!URL.canParse(value) || !/^s3:\/\/[a-z\d][a-z\d.-]{1,61}[a-z\d]\/?(\?|$)/.test(value))
    throw new BadSetting(
      'FILE_STORE',
      'must be a folder, or look like s3://bucket?endpoint=https://…&region=…',
    );
  const { hostname, searchParams } = new URL(value);
  const endpoint = searchParams.get('endpoint');
  if (endpoint !== null && (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)))
    throw new BadSetting('FILE_STORE', 'has an endpoint that is no http or https address');
  const accessKeyId = text(env, 'S3_ACCESS_KEY_ID', '');
  const secretAccessKey = text(env, 'S3_SECRET_ACCESS_KEY', '');
  if ((accessKeyId === '') !== (secretAccessKey === ''))
    throw new BadSetting('S3_SECRET_ACCESS_KEY', 'and S3_ACCESS_KEY_ID come together');
  const credentials = accessKeyId === '' ? null : { accessKeyId, secretAccessKey };
  return { bucket: hostname, endpoint, region: searchParams.get('region') ?? 'us-east-1', credentials };
}

function smtpUrl(env: Environment): string | null {
  const value = env['SMTP_URL']?.trim();
  if (!value) return null;
  if (!URL.canParse(value) || !/^smtps?:$/.test(new URL(value).protocol)) {
    throw new BadSetting('SMTP_URL', 'must look like smtp://host:25 or smtps://user:password@host:465');
  }
  return value;
}

/** Mails lead there: in production a guess would send people, and the links that set passwords, somewhere else. */
function webUrl(env: Environment, isNeeded: boolean): string {
  if (isNeeded && text(env, 'WEB_URL', '') === '')
    throw new BadSetting(
      'WEB_URL',
      'is missing: the address people open the service at, like https://revisit.example; links in mails begin with it',
    );
  const value = text(env, 'WEB_URL', 'http://127.0.0.1:3000').replace(/\/+$/, '');
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new BadSetting('WEB_URL', 'must look like https://revisit.example');
  return value;
}

function secretsKeys(env: Environment, isNeeded: boolean): readonly Buffer[] {
  const parts = (env['SECRETS_KEYS'] ?? '').split(',').map((part) => part.trim());
  const keys = parts.filter(Boolean).map((part) => Buffer.from(part, 'base64'));
  if (keys.some(({ length }) => length !== 32))
    throw new BadSetting('SECRETS_KEYS', 'must be 32 random bytes in base64, or several separated by commas');
  if (keys.length === 0 && isNeeded)
    throw new BadSetting(
      'SECRETS_KEYS',
      'is missing: make one with `openssl rand -base64 32` and keep it safe',
    );
  return keys;
}

function allowLoopback(env: Environment, isProduction: boolean): boolean {
  const isAllowed = oneOf(env, 'OUTBOUND_ALLOW_LOOPBACK', ['true', 'false'], 'false') === 'true';
  if (isAllowed && isProduction)
    throw new BadSetting('OUTBOUND_ALLOW_LOOPBACK', 'cannot be true in production');
  return isAllowed;
}

function addresses(env: Environment, name: string): readonly string[] {
  const list = (env[name] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const address of list) {
    const [host = '', bits] = address.split('/');
    if (isIP(host) === 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) {
      throw new BadSetting(name, `must be a comma-separated list of addresses or networks, not "${address}"`);
    }
  }
  return list;
}

/** In production the keys are somebody's secret; elsewhere one that everybody knows will do. */
function auditKeys(env: Environment): ReadonlyMap<string, Buffer> {
  const value = env['AUDIT_KEYS']?.trim();
  if (!value)
    return new Map(
      env['NODE_ENV'] === 'production' ? [] : [['development', Buffer.alloc(32, 'development')]],
    );
  const keys = value.split(',').map((part): [string, Buffer] => {
    const [, id = '', secret = ''] = /^\s*([\w.-]{1,40}):([\w+/=-]+)\s*$/.exec(part) ?? [];
    return [id, Buffer.from(secret, 'base64')];
  });
  if (
    keys.some(([id, secret]) => id === '' || secret.length < 32) ||
    new Set(keys.map(([id]) => id)).size < keys.length
  )
    throw new BadSetting(
      'AUDIT_KEYS',
      'must be a comma-separated list of <id>:<at least 32 bytes in base64>',
    );
  return new Map(keys);
}

function origins(env: Environment, name: string): readonly string[] {
  const list = (env[name] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  for (const origin of list) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin || !/^https?:/.test(origin))
      throw new BadSetting(name, `must be a comma-separated list of origins like https://app.clinic.example`);
  }
  return list;
}
