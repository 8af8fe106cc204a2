import { IsFilled } from '#http';
import { IsBoolean, IsOptional, IsString, IsUrl, Matches, MaxLength } from 'class-validator';

export class SetIdentityProvider {
  /** https, at a public address. @example https://login.harley.example */
  @IsString()
  @IsFilled()
  @MaxLength(500)
  issuer!: string;

  /** @example revisit */
  @IsString()
  @IsFilled()
  @MaxLength(200)
  clientId!: string;

  /** Leave out for a public client. */
  @IsOptional()
  @IsString()
  @IsFilled()
  @MaxLength(500)
  clientSecret?: string;

  /** Where the provider sends people back to: a page of the program that signs them in. @example https://app.harley.example/signed-in */
  @IsUrl({ protocols: ['https', 'http'], require_protocol: true, require_tld: false, allow_fragments: false })
  @MaxLength(500)
  redirectUri!: string;

  /** Whether the provider asks for a second factor itself, so that Revisit need not. */
  @IsBoolean()
  vouchesSecondFactor!: boolean;
}

export class IdentityProviderView {
  /** @example https://login.harley.example */
  issuer!: string;

  clientId!: string;
  hasClientSecret!: boolean;

  /** @example https://app.harley.example/signed-in */
  redirectUri!: string;

  vouchesSecondFactor!: boolean;

  /** @example 1 */
  version!: number;
}

export class BeginOidc {
  /** Short name of the clinic. @example harley */
  @Matches(/^[a-z0-9][a-z0-9-]{1,62}$/)
  clinic!: string;
}

export class OidcBegun {
  /** Where to send the person. @example https://login.harley.example/auth?client_id=revisit */
  url!: string;

  /** Keep it in the program that began (not in the address); it finishes the sign-in within ten minutes. */
  attempt!: string;
}

export class FinishOidc {
  @IsString()
  @IsFilled()
  @MaxLength(2000)
  attempt!: string;

  /** As the provider sent it to the redirect address. */
  @IsString()
  @IsFilled()
  @MaxLength(4000)
  code!: string;

  /** As the provider sent it to the redirect address. */
  @IsString()
  @IsFilled()
  @MaxLength(500)
  state!: string;

  /** As the provider sent it to the redirect address, if it did (RFC 9207). */
  @IsOptional()
  @IsString()
  @IsFilled()
  @MaxLength(500)
  iss?: string;
}
