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
  await app.register(helmet, config.serveDocs ? { contentSecurityPolicy: false } : {});
  app.setGlobalPrefix('v1', { exclude: ['health/live', 'health/ready', 'calendar/:file'] });
  if (config.serveDocs)
    SwaggerModule.setup('docs', app, () => describeApi(app), { jsonDocumentUrl: 'docs/openapi.json' });
  return app;
}

/** The OpenAPI 3.1 document of the running handlers. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Revisit')
    .setDescription(
      'Scheduling and records for botulinum-toxin clinics. Errors are RFC 9457 problems; see docs/problems.md.',
    )
    .setVersion('1')
    .addBearerAuth()
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
