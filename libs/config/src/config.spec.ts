import { describe, expect, it } from '@jest/globals';

import { BadSetting, readConfig } from './config.js';

const good = { DATABASE_URL: 'postgresql://revisit@db:5432/revisit' };

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
