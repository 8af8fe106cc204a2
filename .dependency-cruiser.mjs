// apps → contexts → platform → kernel; ARCHITECTURE.md says why.

const contexts = [
  'catalogue',
  'patients',
  'scheduling',
  'consultations',
  'treatments',
  'follow-ups',
  'repeat-visits',
  'reports',
];
const anyContext = contexts.join('|');
const platform = 'config|database|http|jobs|files|audit|identity';
const spec = '\\.spec\\.ts$';
const tests = [spec, '/test/', '/src/testing/'];

/** A context may use the ones before it. */
const contextOrder = contexts.slice(0, -1).map((name, i) => ({
  name: `context-order-${name}`,
  comment: `${name} lies below ${contexts.slice(i + 1).join(', ')} and must not know them.`,
  severity: 'error',
  from: { path: `^libs/${name}/`, pathNot: tests },
  to: { path: `^libs/(${contexts.slice(i + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one thing, or one knows too much; types alone may name each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      comment: 'A module that is not found would slip past every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'kernel-stands-alone',
      comment: 'The kernel imports nothing but the platform it runs on.',
      severity: 'error',
      from: { path: '^libs/kernel/', pathNot: tests },
      to: { pathNot: '^libs/kernel/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'domain-is-pure',
      comment:
        'Rules see the kernel, their own domain and lower contexts: no Nest, Prisma, clock, files or network.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/src/domain/', pathNot: tests },
      to: {
        pathNot: [
          '^libs/$1/src/domain/',
          '^libs/kernel/src/index\\.ts$',
          `^libs/(${anyContext})/src/index\\.ts$`,
          '^(node:)?crypto$',
        ],
      },
    },
    {
      name: 'front-doors-only',
      comment: 'Another lib is used through its src/index.ts.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: {
        path: '^libs/[^/]+/',
        pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$', '^libs/[^/]+/src/testing/index\\.ts$'],
      },
    },
    {
      name: 'front-doors-only-from-apps',
      comment: 'Apps and the seed use a lib through its src/index.ts.',
      severity: 'error',
      from: { path: '^(apps|prisma)/' },
      to: {
        path: '^libs/[^/]+/',
        pathNot: [
          '^libs/[^/]+/src/index\\.ts$',
          '^libs/[^/]+/src/testing/index\\.ts$',
          '^libs/database/src/generated/',
        ],
      },
    },
    {
      name: 'builders-are-for-tests',
      comment: 'What a lib offers under testing/ never reaches a running service.',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: '/src/testing/' },
    },
    {
      name: 'prisma-stays-home',
      comment: 'Only repositories, queries, libs/database and prisma/ see the generated client.',
      severity: 'error',
      from: {
        path: '^(apps|libs)/',
        pathNot: ['\\.repository\\.ts$', '\\.queries\\.ts$', '^libs/database/'],
      },
      to: { path: ['node_modules/(@prisma|prisma)/', '^libs/database/src/generated/'] },
    },
    {
      name: 'connections-stay-home',
      comment:
        'Whoever queries is given a transaction; only libs/database opens connections, and tests that ask it themselves.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/(database|jobs)/', ...tests] },
      to: { path: 'node_modules/pg/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'http-is-an-edge',
      comment:
        'Controllers are wired by modules and apps and used by nothing; commands and views (.dto.ts, .views.ts) belong to their lib.',
      severity: 'error',
      from: { pathNot: ['/src/http/', '\\.module\\.ts$', '^apps/', ...tests] },
      to: { path: '^libs/[^/]+/src/http/', pathNot: '\\.(dto|views?)\\.ts$' },
    },
    {
      name: 'platform-below-contexts',
      comment: 'The platform serves every context and knows none.',
      severity: 'error',
      from: { path: `^libs/(${platform})/`, pathNot: tests },
      to: { path: `^libs/(${anyContext})/` },
    },
    {
      name: 'apps-on-top',
      comment: 'Apps say what runs; nothing imports them.',
      severity: 'error',
      from: { path: '^(libs|prisma)/' },
      to: { path: '^apps/' },
    },
    ...contextOrder,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: ['node_modules', '^libs/database/src/generated/'] },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.json', '.node'],
    },
  },
};
