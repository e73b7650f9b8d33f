import { expect, test } from 'vitest';
import { packageConfig, type PackageOptions } from '../../../build/package/package-config.ts';
import { publisherFrom } from '../../../build/package/publisher.ts';

const options: PackageOptions = {
  root: '/repository',
  system: 'linux',
  publisher: publisherFrom({}, false),
  icons: { windows: '/icons/icon.ico', mac: '/icons/icon.icns', linux: '/icons/linux' },
  licences: '/licences.txt',
  isRelease: false,
  vcRuntime: null,
};
const published = publisherFrom(
  {
    ENLARGER_APP_ID: 'org.example.enlarger',
    ENLARGER_PUBLISHER: 'Example',
    ENLARGER_MAINTAINER: 'Example <a@example.org>',
    ENLARGER_HOMEPAGE: 'https://example.org/',
    ENLARGER_ISSUES: 'https://example.org/issues',
  },
  true,
);

test('fuses are set in releases only: a test from outside needs them open', () => {
  expect(packageConfig(options).electronFuses).toBeUndefined();
  expect(packageConfig({ ...options, isRelease: true }).electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    loadBrowserProcessSpecificV8Snapshot: false,
  });
});

test.each([
  ['linux', false],
  ['windows', true],
  ['mac', true],
] as const)('a release for %s has to be signed: %s', (system, signed) => {
  expect(packageConfig({ ...options, system, isRelease: true }).forceCodeSigning).toBe(signed);
  expect(packageConfig({ ...options, system }).forceCodeSigning).toBe(false);
});

test('each system gets its kinds of packages', () => {
  const { linux, win, mac } = packageConfig(options);
  expect(linux?.target).toEqual(['AppImage', 'deb']);
  expect(win?.target).toEqual(['nsis']);
  expect(mac?.target).toEqual([
    { target: 'dmg', arch: ['arm64'] },
    { target: 'zip', arch: ['arm64'] },
  ]);
});

test('who publishes it stands in the package', () => {
  const config = packageConfig({ ...options, system: 'windows', publisher: published, isRelease: true });
  expect(config.appId).toBe('org.example.enlarger');
  expect(config.extraMetadata).toMatchObject({ homepage: 'https://example.org/', bugs: { url: 'https://example.org/issues' } });
  expect(config.win?.signtoolOptions?.publisherName).toBe('Example');
  expect(config.linux?.maintainer).toBe('Example <a@example.org>');
});

test('nothing is uploaded, and nothing is compiled', () => {
  expect(packageConfig(options)).toMatchObject({ publish: null, npmRebuild: false });
});

test('the runtime of Visual C++ lies beside what needs it', () => {
  const resources = packageConfig({ ...options, system: 'windows', vcRuntime: '/redist' }).extraResources;
  expect(resources).toContainEqual({
    from: '/redist',
    to: 'app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6/win32/${arch}',
    filter: ['*.dll'],
  });
});
