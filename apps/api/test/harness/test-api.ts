import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '#config';
import { createTestDatabase, type TestDatabase } from '#database/testing';
import { aClinic, type StaffKind, type TestClinic } from '#identity/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { createApi } from '../../src/configure.js';
import { AuditDuty } from './audit-duty.js';

export const TEST_SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, unknown>>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
interface Sending {
  /** A Buffer goes as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The real API on a database of its own, with one clinic; requests go through the whole stack. */
export class TestApi {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly db: TestDatabase,
    readonly clinic: TestClinic,
    /** Where photos and documents are kept. */
    readonly files: string,
    private readonly duty: AuditDuty,
  ) {}

  static async start({
    env = {},
    ...options
  }: { market?: string; env?: Record<string, string> } = {}): Promise<TestApi> {
    const db = await createTestDatabase();
    const clinic = await aClinic(db, options);
    const files = await mkdtemp(join(tmpdir(), 'revisit-files-'));
    const level = process.env['TEST_LOG_LEVEL'] ?? 'silent';
    const app = await createApi(
      readConfig({
        DATABASE_URL: db.url,
        LOG_LEVEL: level,
        NODE_ENV: 'test',
        SERVE_DOCS: 'false',
        SECRETS_KEYS: TEST_SECRETS_KEY,
        OUTBOUND_ALLOW_LOOPBACK: 'true',
        FILE_STORE: files,
        ...env,
      }),
    );
    const duty = new AuditDuty();
    duty.watch(app.getHttpAdapter().getInstance());
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new TestApi(app, db, clinic, files, duty);
  }

  /** Fails the suite when something it was granted left no row in the audit trail. */
  async stop(): Promise<void> {
    await this.app.close();
    const neglected = await this.duty.neglected(this.db);
    await Promise.all([this.db.drop(), rm(this.files, { recursive: true, force: true })]);
    if (neglected.length > 0) throw new Error(`Left no row in the audit trail:\n${neglected.join('\n')}`);
  }

  /** Sends a request as a person of this clinic (or with a token of another, or as nobody: null). */
  async send<Body = Record<string, unknown>>(
    who: StaffKind | { token: string } | null,
    method: Method,
    url: string,
    { body, headers = {} }: Sending = {},
  ): Promise<Answer<Body>> {
    const token = who === null ? null : typeof who === 'string' ? this.clinic.token[who] : who.token;
    const answer = await this.app
      .getHttpAdapter()
      .getInstance()
      .inject({
        method,
        url,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined || Buffer.isBuffer(body) ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
      });
    const isJson = answer.headers['content-type']?.includes('json') ?? false;
    const parsed: unknown = answer.body !== '' && isJson ? JSON.parse(answer.body) : {};
    return { status: answer.statusCode, body: parsed as Body, headers: answer.headers };
  }
}
