import { requestContext } from '#database';
import type { FastifyInstance } from 'fastify';

/** Opens the context of a request after its body was read and before any guard or handler runs. */
export function openRequestContext(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    requestContext.run({ requestId: request.id, address: request.ip }, done);
  });
}
