import { IsFilled } from '#http';
import { MaxLength } from 'class-validator';

export class WriteRecallTemplate {
  /** @example Your next visit to {{clinic}} */
  @IsFilled()
  @MaxLength(150)
  subject!: string;

  /**
   * Places: {{name}}, {{clinic}}, {{summary}} (where the patient stands), {{visit}} (the visit to offer, may be empty),
   * {{stop}} (how to be left in peace). {{summary}} and {{stop}} are needed.
   * @example Dear {{name}}, {{summary}} {{visit}} {{stop}}
   */
  @IsFilled()
  @MaxLength(4000)
  text!: string;
}

export class RecallTemplateView {
  /** en, de, fr, it, es */
  language!: string;
  subject!: string;
  text!: string;

  /** Also the ETag; 0: the built-in words. */
  version!: number;
  at!: Date | null;
  staffId!: string | null;

  /** @example Ada Office */
  staffName!: string | null;
}

export class RecallTemplateList {
  /** One of every language. */
  items!: RecallTemplateView[];
}
