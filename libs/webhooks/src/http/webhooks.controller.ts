import { Endpoint, IdPipe, IfMatch, PageQuery } from '#http';
import { CurrentActor, type RequestActor, Requires, SealingNotSetUp } from '#identity';
import { AddressRefused } from '#outbound';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  WebhookDeliveryNotFound,
  WebhookDisabled,
  WebhookLimit,
  WebhookNotFound,
} from '../domain/webhook.errors.js';
import { WebhookDeliveriesService } from '../webhook-deliveries.service.js';
import { WebhookEndpointsService } from '../webhook-endpoints.service.js';
import {
  ChangeWebhook,
  MakeWebhook,
  NewWebhookSecret,
  WebhookDeliveryPage,
  WebhookList,
  WebhookView,
} from './webhook.dto.js';

@ApiTags('integrations')
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly endpoints: WebhookEndpointsService,
    private readonly deliveries: WebhookDeliveriesService,
  ) {}

  @Get()
  @Requires('integrations:manage')
  @Endpoint({ summary: 'List the webhooks of the clinic' })
  list(@CurrentActor() actor: RequestActor): Promise<WebhookList> {
    return this.endpoints.list(actor);
  }

  @Post()
  @Requires('integrations:manage')
  @Endpoint({
    summary: 'Have a program told of what happens',
    description:
      'Sends ids only, signed as Standard Webhooks says, each event at least once: the receiver tells repeats by `webhook-id`.',
    refuses: [AddressRefused, WebhookLimit, SealingNotSetUp],
  })
  make(@CurrentActor() actor: RequestActor, @Body() body: MakeWebhook): Promise<NewWebhookSecret> {
    return this.endpoints.make(actor, body);
  }

  @Patch(':id')
  @Requires('integrations:manage')
  @Endpoint({
    summary: 'Change, disable or enable a webhook',
    refuses: [WebhookNotFound, AddressRefused],
    changes: true,
    versioned: true,
  })
  change(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeWebhook,
    @IfMatch() version: number | undefined,
  ): Promise<WebhookView> {
    return this.endpoints.change(actor, id, body, version);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('integrations:manage')
  @Endpoint({
    summary: 'Remove a webhook with the list of what was sent to it',
    refuses: [WebhookNotFound],
    changes: true,
  })
  remove(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.endpoints.remove(actor, id);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @Requires('integrations:manage')
  @Endpoint({
    summary: 'Give a webhook a new secret; for a day both sign',
    refuses: [WebhookNotFound, SealingNotSetUp],
  })
  rotate(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<NewWebhookSecret> {
    return this.endpoints.rotate(actor, id);
  }

  @Post(':id/ping')
  @HttpCode(202)
  @Requires('integrations:manage')
  @Endpoint({
    summary: 'Send `webhook.ping` to a webhook, whether or not it asked for it',
    refuses: [WebhookNotFound, WebhookDisabled],
    changes: true,
  })
  ping(@CurrentActor() actor: RequestActor, @Param('id', IdPipe) id: string): Promise<void> {
    return this.endpoints.ping(actor, id);
  }

  @Get(':id/deliveries')
  @Requires('integrations:manage')
  @Endpoint({
    summary: 'List what was sent to a webhook and how it went, newest first',
    refuses: [WebhookNotFound],
  })
  sent(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<WebhookDeliveryPage> {
    return this.deliveries.list(actor, id, query);
  }

  @Post(':id/deliveries/:deliveryId/resend')
  @HttpCode(202)
  @Requires('integrations:manage')
  @Endpoint({
    summary: 'Send an event again, under the same id',
    refuses: [WebhookNotFound, WebhookDeliveryNotFound, WebhookDisabled],
    changes: true,
  })
  resend(
    @CurrentActor() actor: RequestActor,
    @Param('id', IdPipe) id: string,
    @Param('deliveryId', IdPipe) deliveryId: string,
  ): Promise<void> {
    return this.deliveries.resend(actor, id, deliveryId);
  }
}
