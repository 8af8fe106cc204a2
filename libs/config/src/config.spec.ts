import { describe, expect, it } from '@jest/globals';

import { BadSetting, readConfig } from './config.js';

const good = { DATABASE_URL: 'postgresql://revisit@db:5432/revisit' };

const production = {
  ...good,
  NODE_ENV: 'production',
  SECRETS_KEYS: Buffer.alloc(32, 1).toString('base64'),
  WEB_URL: 'https://revisit.example',
};

describe('settings', () => {
  it('need a database and nothing else', () => {
    expect(readConfig(good)).toMatchObject({
      environment: 'development',
      port: 3000,
      smtpUrl: null,
      trustedProxies: [],
    });
  });

  it.each([
    ['DATABASE_URL', {}],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
    ['DATABASE_URL', { DATABASE_URL: 'not a url' }],
    ['PORT', { ...good, PORT: '80a' }],
    ['PORT', { ...good, PORT: '65536' }],
    ['NODE_ENV', { ...good, NODE_ENV: 'prod' }],
    ['SMTP_URL', { ...good, SMTP_URL: 'mail:25' }],
    ['SESSION_HOURS', { ...good, SESSION_HOURS: '0' }],
    ['SESSION_IDLE_MINUTES', { ...good, SESSION_IDLE_MINUTES: '4' }],
    ['WEB_URL', { ...good, WEB_URL: 'clinic' }],
    ['SECRETS_KEYS', { ...good, SECRETS_KEYS: 'c2hvcnQ=' }],
    ['WEB_URL', { ...production, WEB_URL: undefined }],
    ['WEB_URL', { ...production, WEB_URL: ' ' }],
    ['SECRETS_KEYS', { ...production, SECRETS_KEYS: undefined }],
    ['OUTBOUND_ALLOW_LOOPBACK', { ...production, OUTBOUND_ALLOW_LOOPBACK: 'true' }],
    ['TRUSTED_PROXIES', { ...good, TRUSTED_PROXIES: 'proxy.local' }],
    ['FILE_STORE', { ...good, FILE_STORE: 'ftp://files' }],
    ['FILE_STORE', { ...good, FILE_STORE: 's3://' }],
    ['FILE_STORE', { ...good, FILE_STORE: 's3://photos?endpoint=nowhere' }],
    ['S3_SECRET_ACCESS_KEY', { ...good, FILE_STORE: 's3://photos', S3_ACCESS_KEY_ID: 'id' }],
    ['LOG_LEVEL', { ...good, LOG_LEVEL: 'loud' }],
  ])('name %s when it is wrong', (variable, env) => {
    expect(() => readConfig(env)).toThrow(BadSetting);
    expect(() => readConfig(env)).toThrow(variable);
  });

  it('say in production where links in mails lead, and guess it elsewhere', () => {
    expect(() => readConfig({ ...production, WEB_URL: '' })).toThrow(
      'The setting WEB_URL is missing: the address people open the service at',
    );
    expect(readConfig(production).webUrl).toBe('https://revisit.example');
    expect(readConfig(good).webUrl).toBe('http://127.0.0.1:3000');
  });

  it('keep files in a folder, or in a bucket', () => {
    expect(readConfig(good).fileStore).toBe('.revisit/files');
    expect(readConfig({ ...good, FILE_STORE: '/var/lib/revisit/files' }).fileStore).toBe(
      '/var/lib/revisit/files',
    );
    const s3 = {
      FILE_STORE: 's3://photos?endpoint=https://store.example:9000&region=eu-central-1',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'secret',
    };
    expect(readConfig({ ...good, ...s3 }).fileStore).toEqual({
      bucket: 'photos',
      endpoint: 'https://store.example:9000',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    });
  });

  it('take networks of proxies', () => {
    expect(readConfig({ ...good, TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual([
      '10.0.0.0/8',
      '::1',
    ]);
  });

  it('reads the keys of the audit trail, the newest first, and knows none in production by itself', () => {
    const secret = Buffer.alloc(32, 1).toString('base64');
    const url = 'postgresql://a:b@localhost:5432/c';
    const { auditKeys } = readConfig({ DATABASE_URL: url, AUDIT_KEYS: `2027:${secret}, 2026:${secret}` });
    expect([...auditKeys.keys()]).toEqual(['2027', '2026']);
    expect(readConfig(production).auditKeys.size).toBe(0);
    for (const wrong of ['2027', `2027:${secret.slice(0, 20)}`, `a:${secret},a:${secret}`])
      expect(() => readConfig({ DATABASE_URL: url, AUDIT_KEYS: wrong })).toThrow('AUDIT_KEYS');
  });

  it('takes origins for pages that may call, and nothing that is none', () => {
    const url = 'postgresql://a:b@localhost:5432/c';
    expect(readConfig({ DATABASE_URL: url }).corsOrigins).toEqual([]);
    expect(
      readConfig({ DATABASE_URL: url, CORS_ORIGINS: 'https://a.example, https://b.example:8443' })
        .corsOrigins,
    ).toHaveLength(2);
    for (const wrong of ['*', 'a.example', 'https://a.example/', 'ftp://a.example'])
      expect(() => readConfig({ DATABASE_URL: url, CORS_ORIGINS: wrong })).toThrow('CORS_ORIGINS');
  });
});
