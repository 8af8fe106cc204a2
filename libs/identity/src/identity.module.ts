import { OutboundModule } from '#outbound';
import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';

import { AccountPasswordsService } from './account/account-passwords.service.js';
import { AccountsRepository } from './account/accounts.repository.js';
import { AccountController } from './account/http/account.controller.js';
import { PasswordCheck } from './account/password-check.js';
import { ProfileService } from './account/profile.service.js';
import { ApiKeysRepository } from './api-keys/api-keys.repository.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { ApiKeysController } from './api-keys/http/api-keys.controller.js';
import { ClinicsService } from './clinics.service.js';
import { ClinicsRepository } from './clinic-settings/clinics.repository.js';
import { ClinicSettingsService } from './clinic-settings/clinic-settings.service.js';
import { ClinicSettingsController } from './clinic-settings/http/clinic-settings.controller.js';
import { Guesses } from './guesses/guesses.js';
import { GuessesRepository } from './guesses/guesses.repository.js';
import { KnownDevices } from './guesses/known-devices.js';
import { SessionsController } from './http/sessions.controller.js';
import { StaffController } from './http/staff.controller.js';
import { OidcController } from './oidc/http/oidc.controller.js';
import { IdentityProvidersRepository } from './oidc/identity-providers.repository.js';
import { IdentityProvidersService } from './oidc/identity-providers.service.js';
import { OidcMeans } from './oidc/oidc-means.js';
import { OidcSignInService } from './oidc/oidc-sign-in.service.js';
import { OpenId } from './oidc/openid.js';
import { OpenAccess } from './open-access.js';
import { PropertyRules } from './property-rules.interceptor.js';
import { Sealing } from './sealing.js';
import { SecondFactorController } from './second-factor/http/second-factor.controller.js';
import { SignInPolicyController } from './second-factor/http/sign-in-policy.controller.js';
import { SecondFactorService } from './second-factor/second-factor.service.js';
import { SecondFactors } from './second-factor/second-factors.js';
import { SecondFactorsRepository } from './second-factor/second-factors.repository.js';
import { SignInPolicyService } from './second-factor/sign-in-policy.service.js';
import { SessionGuard } from './session.guard.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { StaffService } from './staff.service.js';
import { AccountEnd } from './staff/account-end.js';
import { StaffMembersController } from './staff/http/staff-members.controller.js';
import { StaffDutiesService } from './staff/staff-duties.service.js';
import { StaffEvents } from './staff/staff-events.port.js';
import { StaffMembersRepository } from './staff/staff-members.repository.js';
import { StaffMembersService } from './staff/staff-members.service.js';

@Module({
  imports: [OutboundModule],
  controllers: [
    SessionsController,
    StaffController,
    StaffMembersController,
    AccountController,
    SecondFactorController,
    SignInPolicyController,
    ApiKeysController,
    OidcController,
    ClinicSettingsController,
  ],
  providers: [
    SignInService,
    SessionsService,
    SessionsRepository,
    OpenAccess,
    Guesses,
    GuessesRepository,
    KnownDevices,
    Sealing,
    StaffService,
    StaffMembersService,
    StaffDutiesService,
    StaffMembersRepository,
    AccountEnd,
    StaffEvents,
    AccountPasswordsService,
    AccountsRepository,
    PasswordCheck,
    ProfileService,
    SecondFactorService,
    SecondFactors,
    SecondFactorsRepository,
    SignInPolicyService,
    ApiKeysService,
    ApiKeysRepository,
    OidcSignInService,
    OidcMeans,
    OpenId,
    IdentityProvidersService,
    IdentityProvidersRepository,
    ClinicsService,
    ClinicSettingsService,
    ClinicsRepository,
    { provide: APP_GUARD, useClass: SessionGuard },
    { provide: APP_INTERCEPTOR, useClass: PropertyRules },
  ],
  exports: [StaffService, ClinicsService, OpenAccess, StaffEvents, Sealing],
})
export class IdentityModule {}
