const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      swcrc: false,
      sourceMaps: 'inline',
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
        experimental: { keepImportAttributes: true },
      },
      module: { type: 'es6' },
    },
  ],
};

const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^#([^/]+)/testing$': '<rootDir>/libs/$1/src/testing/index.ts',
    '^#([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.revisit'],
  ...extra,
});

const nest = {
  setupFiles: ['<rootDir>/libs/database/src/testing/nest-setup.ts'],
  // Only projects with tests to run start their database: a unit run has none.
  globalSetup: '<rootDir>/tools/test-database.mjs',
  globalTeardown: '<rootDir>/tools/test-database-stop.mjs',
};

/** Three kinds of test: pure rules (unit), one context on a real PostgreSQL (int), a journey over HTTP (e2e). */
export default {
  maxWorkers: 2,
  testTimeout: 30_000,
  projects: [
    project('unit', [
      '<rootDir>/libs/*/src/**/domain/**/*.spec.ts',
      '<rootDir>/libs/{kernel,config}/src/**/*.spec.ts',
    ]),
    project('int', ['<rootDir>/libs/*/test/**/*.int.spec.ts'], nest),
    project('e2e', ['<rootDir>/apps/*/test/**/*.e2e.spec.ts'], nest),
  ],
};
