import { describe, expect, it } from '@jest/globals';

import { BadSetting, readConfig } from './config.js';

const good = { DATABASE_URL: 'postgresql://revisit@db:5432/revisit' };

const production = { ...good, NODE_ENV: 'production', SECRETS_KEYS: Buffer.alloc(32, 1).toString('base64') };

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
    ['SECRETS_KEYS', { ...good, NODE_ENV: 'production' }],
    ['OUTBOUND_ALLOW_LOOPBACK', { ...production, OUTBOUND_ALLOW_LOOPBACK: 'true' }],
    ['TRUSTED_PROXIES', { ...good, TRUSTED_PROXIES: 'proxy.local' }],
    ['LOG_LEVEL', { ...good, LOG_LEVEL: 'loud' }],
  ])('name %s when it is wrong', (variable, env) => {
    expect(() => readConfig(env)).toThrow(BadSetting);
    expect(() => readConfig(env)).toThrow(variable);
  });

  it('take networks of proxies', () => {
    expect(readConfig({ ...good, TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies).toEqual([
      '10.0.0.0/8',
      '::1',
    ]);
  });
});
