import { Database, DatabaseUnavailable } from '#database';
import { InvalidInput, problemResponse } from '#http';
import { OpenToAll } from '#identity';
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

import { ReadinessView } from './readiness.view.js';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('live')
  @OpenToAll()
  @ApiOperation({ summary: 'Whether the process runs' })
  @problemResponse(400, [InvalidInput])
  live(): ReadinessView {
    return { status: 'ok' };
  }

  @Get('ready')
  @OpenToAll()
  @ApiOperation({ summary: 'Whether the process can do its work: the database answers' })
  @problemResponse(400, [InvalidInput])
  @problemResponse(503, [DatabaseUnavailable])
  async ready(): Promise<ReadinessView> {
    await this.database.ping();
    return { status: 'ok' };
  }
}
