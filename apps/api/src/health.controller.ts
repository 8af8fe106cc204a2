import { Database, DatabaseUnavailable } from '#database';
import { InvalidInput, problemResponse } from '#http';
import { OpenToAll } from '#identity';
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';

export class ServiceHealth {
  @ApiProperty({ example: 'ok' })
  status!: string;
}

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('live')
  @OpenToAll()
  @ApiOperation({ summary: 'Whether the process runs' })
  @problemResponse(400, [InvalidInput])
  live(): ServiceHealth {
    return { status: 'ok' };
  }

  @Get('ready')
  @OpenToAll()
  @ApiOperation({ summary: 'Whether the process can do its work: the database answers' })
  @problemResponse(400, [InvalidInput])
  @problemResponse(503, [DatabaseUnavailable])
  async ready(): Promise<ServiceHealth> {
    await this.database.ping();
    return { status: 'ok' };
  }
}
