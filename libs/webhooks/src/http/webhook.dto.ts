import { IsFilled } from '#http';
import { ArrayMinSize, ArrayUnique, IsArray, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';

import { WEBHOOK_EVENTS, WEBHOOK_STARS } from '../domain/webhook-events.js';

const WANTED = [...WEBHOOK_EVENTS, ...WEBHOOK_STARS];
const STATUSES = ['active', 'disabled'] as const;

export class MakeWebhook {
  /** https, at a public address. @example https://integrator.example/revisit */
  @IsString()
  @IsFilled()
  @MaxLength(2000)
  url!: string;

  /** A star stands for all of a record. @example ["appointment.*", "webhook.ping"] */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(WANTED, { each: true })
  events!: string[];
}

export class ChangeWebhook {
  /** @example https://integrator.example/revisit */
  @IsOptional()
  @IsString()
  @IsFilled()
  @MaxLength(2000)
  url?: string;

  /** @example ["appointment.*"] */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(WANTED, { each: true })
  events?: string[];

  /** @example active */
  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];
}

export class NewWebhookSecret {
  id!: string;

  /** Signs what is sent, as Standard Webhooks says; told this once. @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD */
  secret!: string;
}

export class WebhookView {
  id!: string;

  /** @example https://integrator.example/revisit */
  url!: string;

  /** @example ["appointment.*"] */
  events!: string[];

  /** @example active */
  status!: 'active' | 'disabled';

  /** Since when nothing could be delivered; after three days it is disabled. */
  failingSince!: Date | null;

  createdBy!: string;
  createdAt!: Date;

  /** @example 1 */
  version!: number;
}

export class WebhookList {
  items!: WebhookView[];
}

export class WebhookDeliveryView {
  /** The `webhook-id` of every attempt. */
  id!: string;

  /** @example appointment.booked */
  type!: string;

  /** @example delivered */
  status!: 'pending' | 'delivered' | 'failed';

  attempts!: number;
  createdAt!: Date;
  lastAttemptAt!: Date | null;

  /** What the receiver answered. @example 204 */
  lastStatus!: number | null;

  /** Why there was no answer: address-refused, no-answer, not-sealed. */
  lastFailure!: string | null;
}

export class WebhookDeliveryPage {
  items!: WebhookDeliveryView[];
  next!: string | null;
}
