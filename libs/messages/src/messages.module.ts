import { CONFIG, type Config } from '#config';
import { Module } from '@nestjs/common';

import { MessageGateway } from './message-gateway.js';
import { NoGateway } from './no-gateway.js';
import { SmtpGateway } from './smtp-gateway.js';

@Module({
  providers: [
    {
      provide: MessageGateway,
      useFactory: ({ smtpUrl, mailFrom }: Config) =>
        smtpUrl === null ? new NoGateway() : new SmtpGateway(smtpUrl, mailFrom),
      inject: [CONFIG],
    },
  ],
  exports: [MessageGateway],
})
export class MessagesModule {}
