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
    ['FILE_STORE', { ...good, FILE_STORE: 'ftp://files' }],
    ['FILE_STORE', { ...good, FILE_STORE: 's3://' }],
    ['FILE_STORE', { ...good, FILE_STORE: 's3://photos?endpoint=nowhere' }],
    ['S3_SECRET_ACCESS_KEY', { ...good, FILE_STORE: 's3://photos', S3_ACCESS_KEY_ID: 'id' }],
    ['LOG_LEVEL', { ...good, LOG_LEVEL: 'loud' }],
  ])('name %s when it is wrong', (variable, env) => {
    expect(() => readConfig(env)).toThrow(BadSetting);
    expect(() => readConfig(env)).toThrow(variable);
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
});
