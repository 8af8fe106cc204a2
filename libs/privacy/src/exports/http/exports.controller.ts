import { Endpoint, IdPipe } from '#http';
import { CurrentActor, Requires, type RequestActor } from '#identity';
import { Controller, Get, Header, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';

import { ExportNotReady, PatientNotHere } from '../../domain/privacy.errors.js';
import { ExportsService } from '../exports.service.js';
import { ExportView } from './export.dto.js';

@ApiTags('privacy')
@Controller()
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Post('patients/:id/exports')
  @HttpCode(202)
  @Requires('privacy:manage')
  @Endpoint({
    summary: 'Ask for a file with everything that names a patient; it is made in the background',
    refuses: [PatientNotHere],
    changes: true,
  })
  request(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<ExportView> {
    return this.exports.request(actor, id);
  }

  @Get('exports/:id')
  @Requires('privacy:manage')
  @Endpoint({ summary: 'Whether an export is made', refuses: [PatientNotHere] })
  read(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<ExportView> {
    return this.exports.read(actor, id);
  }

  @Get('exports/:id/file')
  @Requires('privacy:manage')
  @Header('cache-control', 'no-store')
  @ApiProduces('application/zip')
  @Endpoint({ summary: 'The export as a zip of JSON and HTML', refuses: [PatientNotHere, ExportNotReady] })
  async download(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
  ): Promise<StreamableFile> {
    const zip = await this.exports.download(actor, id);
    return new StreamableFile(zip, {
      type: 'application/zip',
      disposition: 'attachment; filename="record.zip"',
    });
  }
}
