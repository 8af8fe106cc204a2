// A process of its own, so that its memory is the recompute's alone: the worker's own job, run once for each line asked.
import { NestFactory } from '@nestjs/core';
import { createInterface } from 'node:readline';
import { readConfig } from '../../../dist/libs/config/src/index.js';
import { RecomputeWindows } from '../../../dist/libs/repeat-visits/src/index.js';
import { WorkerModule } from '../../../dist/apps/worker/src/worker.module.js';

const app = await NestFactory.createApplicationContext(WorkerModule.with(readConfig()), { logger: false });
const job = app.get(RecomputeWindows);
console.log('{}');
for await (const line of createInterface({ input: process.stdin })) {
  const { clinicId, recomputeId } = JSON.parse(line);
  const began = performance.now();
  const cpu = process.cpuUsage();
  await job.work({ clinicId, recomputeId });
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - began) / 1000;
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, megabytes }));
}
await app.close();
