import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { Config } from '#config';
import { guardInput, openRequestContext, problemExamples, problemOf, readForms, readJsonOnly } from '#http';
import { knownRefusals } from '#kernel';
import helmet from '@fastify/helmet';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { ApiModule } from './api.module.js';
import { addExamples } from './openapi-examples.js';
import { addFormats } from './openapi-formats.js';

const BODY_LIMIT_BYTES = 512 * 1024;
/** A thousand histories at once. */
const LARGE_BODIES: Readonly<Record<string, number>> = { '/v1/repeat-visits/forecast': 4 * 1024 * 1024 };

/** The API as `main` serves it and as the tests call it: same pipes, filter, hooks and limits. */
export async function createApi(config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    // Addresses that are no addresses never reach a handler, nor its filter.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const { status, body } = problemOf(error, request.id);
      void reply.status(status).header('content-type', 'application/problem+json; charset=utf-8').send(body);
    },
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: ({ headers }: IncomingMessage) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(config), adapter, {
    logger: logger(config),
    abortOnError: false,
    bodyParser: false,
    // While it drains, a proxy is told to ask another copy.
    return503OnClosing: true,
  });
  const fastify: FastifyInstance = adapter.getInstance();
  fastify.addHook('onRoute', (route) => {
    const limit = LARGE_BODIES[route.url];
    if (limit !== undefined) route.bodyLimit = limit;
  });
  readJsonOnly(fastify);
  await readForms(fastify);
  guardInput(fastify);
  openRequestContext(fastify);
  logRequests(fastify);
  keepNothing(fastify);
  drain(fastify);
  if (config.corsOrigins.length > 0) app.enableCors(crossOrigin(config.corsOrigins));
  await app.register(helmet, config.serveDocs ? { contentSecurityPolicy: false } : {});
  app.setGlobalPrefix('v1', { exclude: ['health/live', 'health/ready', 'calendar/:file'] });
  if (config.serveDocs)
    SwaggerModule.setup('docs', app, () => describeApi(app), { jsonDocumentUrl: 'docs/openapi.json' });
  return app;
}

/** What holds for every endpoint, for who has five minutes. */
const CONVENTIONS = `Scheduling and records for botulinum-toxin clinics.

- **Sign in** with POST /v1/sessions and send its \`token\` as \`Authorization: Bearer …\`; a program sends its API key.
- **Times**: \`…On\` and \`format: date\` are days on the calendar of the location, \`…At\` and \`format: date-time\` instants in UTC. A start that is sent may be an instant or the wall clock of the location (\`2026-12-01T09:30\`).
- **Lists** answer \`items\` and \`next\`: send \`next\` as \`after\` for the next page, until it is null. \`limit\` is the size of a page.
- **Changes** take an \`Idempotency-Key\` of your own: sent again with the same body, the first answer comes again.
- **Versions**: an answer with a \`version\` carries it as ETag; send that as \`If-Match\` and a change that somebody else made meanwhile answers 412.
- **Refusals** are problems (RFC 9457) with a \`code\` that stays, and facts to act on: 400 lists JSON pointers, 404 is the same for another clinic’s id as for none, 409 names what blocks, 422 names the rule. docs/problems.md explains every code.
- **Units** belong to a product: they are never compared, converted or summed across products.`;

/** The OpenAPI 3.1 document of the running handlers. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Revisit')
    .setDescription(CONVENTIONS)
    .setVersion('1')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'opaque',
      description:
        'The `token` that POST /v1/sessions answers, or the secret of an API key: opaque, not a JWT.',
    })
    .build();
  const document = SwaggerModule.createDocument(app, about, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  document.components ??= {};
  document.components.schemas ??= {};
  document.components.schemas['Problem'] = {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'requestId'],
    properties: {
      type: { type: 'string', description: 'urn:revisit:problem:<code>' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', description: 'Stable word of the refusal; docs/problems.md explains each' },
      detail: { type: 'string' },
      requestId: { type: 'string' },
    },
    additionalProperties: true,
  };
  document.components.examples = problemExamples(knownRefusals());
  addFormats(document);
  addExamples(document);
  return document;
}

function logger(config: Config): ConsoleLogger | false {
  if (config.logLevel === 'silent') return false;
  const levels = ['fatal', 'error', 'warn', 'log', 'debug'] as const;
  const wanted = config.logLevel === 'info' ? 'log' : config.logLevel;
  return new ConsoleLogger({
    json: true,
    colors: false,
    logLevels: levels.slice(0, levels.indexOf(wanted) + 1),
  });
}

/** What an answer holds of patients is kept by no browser and no proxy, unless its handler says otherwise. */
function keepNothing(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done();
  });
}

/** A connection whose request is answered while the service stops is closed: kept open, it would keep the service from ending. */
function drain(fastify: FastifyInstance): void {
  let stopping = false;
  fastify.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping) void reply.header('connection', 'close');
    done();
  });
}

/** For pages of the named origins; credentials are bearer tokens that a page holds itself, so no cookie is let through. */
const crossOrigin = (origins: readonly string[]) => ({
  origin: [...origins],
  credentials: false,
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match', 'x-request-id'],
  exposedHeaders: ['etag', 'idempotency-replayed', 'retry-after', 'x-next', 'x-request-id', 'x-truncated'],
  maxAge: 600,
});

/** One line a request: the route's pattern, never the address itself, which may hold a patient's name. */
function logRequests(fastify: FastifyInstance): void {
  const log = new Logger('Request');
  fastify.addHook('onResponse', (request, reply, done) => {
    log.log({
      method: request.method,
      route: request.routeOptions.url ?? '(none)',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      requestId: request.id,
    });
    done();
  });
}
