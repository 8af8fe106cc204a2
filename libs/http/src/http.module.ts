import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';

import { Idempotency } from './idempotency.interceptor.js';
import { ProblemFilter } from './problem.filter.js';
import { UndeclaredInput } from './undeclared-input.interceptor.js';
import { Validation } from './validation.pipe.js';
import { EntityTag } from './versions.js';

/** Every endpoint answers alike: validation, problems, ETag, Idempotency-Key. */
@Module({
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: Validation },
    { provide: APP_INTERCEPTOR, useClass: UndeclaredInput },
    { provide: APP_INTERCEPTOR, useClass: EntityTag },
    { provide: APP_INTERCEPTOR, useClass: Idempotency },
  ],
})
export class HttpModule {}
