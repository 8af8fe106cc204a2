import { CATALOGUE_ID } from '#catalogue';
import { IsCalendarDate, IsFilled, PageQuery } from '#http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

const VIEWS = 'frontal left-oblique right-oblique left-lateral right-lateral submental close-up other'.split(
  ' ',
);
const EXPRESSIONS = 'rest frown raised-brows smile purse clench other'.split(' ');
const PHASES = ['before', 'review', 'after'] as const;
const PHOTO_USES = ['treatment-record', 'colleagues', 'teaching', 'marketing', 'research'] as const;
export type PhotoUse = (typeof PHOTO_USES)[number];

export class PhotoConsent {
  /** What the patient agrees to. */
  @IsArray()
  @ArrayUnique()
  @IsIn(PHOTO_USES, { each: true })
  uses!: PhotoUse[];

  /** As signed. @example Zoë Núñez */
  @IsFilled()
  @MaxLength(200)
  signedName!: string;

  /** @example 2026-11-01 */
  @IsCalendarDate()
  givenOn!: string;
}

export class AddPhoto {
  /** @example 2026-11-01 */
  @IsCalendarDate()
  takenOn!: string;

  @IsIn(VIEWS)
  view!: string;

  @IsIn(EXPRESSIONS)
  expression!: string;

  /** Catalogue ids of what it shows. @example ["glabella"] */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(20)
  @Matches(CATALOGUE_ID, { each: true })
  areas!: string[];

  @IsIn(PHASES)
  phase!: string;

  /** The treatment it belongs to. */
  @IsOptional()
  @IsUUID('all', { message: 'This is not an id (UUID)' })
  treatmentId?: string;

  /** The consultation it belongs to. */
  @IsOptional()
  @IsUUID('all', { message: 'This is not an id (UUID)' })
  consultationId?: string;

  @IsOptional()
  @IsFilled()
  @MaxLength(500)
  note?: string;

  /** Without it the photo is kept and shown to nobody. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PhotoConsent)
  consent?: PhotoConsent;
}

export class CorrectPhoto {
  /** @example Belongs to another patient */
  @IsFilled()
  @MaxLength(500)
  reason!: string;
}

export class WithdrawPhotoConsent {
  @IsIn(PHOTO_USES)
  use!: PhotoUse;
}

export class ShowPhoto {
  /** What it is asked for; refused without the patient's consent to it. */
  @IsIn(PHOTO_USES)
  use!: PhotoUse;

  @IsOptional()
  @IsIn(['full', 'thumbnail'])
  size?: 'full' | 'thumbnail';
}

export class ListPhotos extends PageQuery {}

export class PhotoConsentView {
  use!: string;
  signedName!: string;
  givenOn!: string;
  recordedById!: string;
  withdrawnAt!: string | null;
}

export class PhotoView {
  id!: string;
  patientId!: string;
  takenOn!: string;
  view!: string;
  expression!: string;
  areas!: string[];
  phase!: string;
  treatmentId!: string | null;
  consultationId!: string | null;
  note!: string | null;
  mediaType!: string;

  /** Size in bytes. */
  bytes!: number;

  /** In pixels, upright. */
  width!: number;
  height!: number;

  /** SHA-256 of the picture as it is kept. */
  sha256!: string;

  /** Every consent, withdrawn ones too. */
  consents!: PhotoConsentView[];

  /** Why it is wrong, where it was entered in error. */
  errorReason!: string | null;

  recordedById!: string;

  /** Also the ETag. */
  version!: number;
}

export class PhotoPage {
  /** Newest first. */
  items!: PhotoView[];

  /** Cursor of the next page; null on the last. */
  next!: string | null;
}
