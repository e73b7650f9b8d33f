import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createLinks, type LinkId } from '../../electron/links.ts';
import { shell } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

beforeEach(() => {
  shell.opened.length = 0;
});

const hostile = [
  'file:///etc/passwd',
  'file://server/share/run.exe',
  'smb://server/share',
  '\\\\server\\share',
  '//server/share',
  'ms-settings:display',
  'ms-msdt:/id PCWDiagnostic',
  'search-ms:query=x&crumb=location:\\\\server',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://example.com/1',
  'enlarger://app/index.html',
  'http://example.com/',
  'ws://example.com/',
  'ftp://example.com/',
  'mailto:somebody@example.com',
  'tel:+491234',
  'ssh://example.com',
  'vscode://file/etc/passwd',
  'https://user:secret@example.com/',
  'https://example.com@evil.example/',
  'https://example.com:8443/',
  'https://example.com/\0',
  'https://example.com/\r\nSet-Cookie: a=b',
  'https://example.com/ --flag',
  'https:\\\\example.com\\a',
  'https://example.com/"&calc&"',
  'https:example.com',
  '',
  'example.com',
];

describe('thirty hostile addresses', () => {
  test.each(hostile)('%j opens nothing as a target', (address) => {
    const links = createLinks({ website: address, issues: null });
    expect(links.ids).toEqual([]);
    links.open('website');
    expect(shell.opened).toEqual([]);
  });
  test.each(hostile)('%j opens nothing as an id', (address) => {
    createLinks({ website: 'https://example.com/', issues: null }).open(address as LinkId);
    expect(shell.opened).toEqual([]);
  });
  test('are at least thirty', () => {
    expect(hostile.length).toBeGreaterThanOrEqual(30);
  });
});

test.each(['https://example.com/', 'https://example.com/enlarger?lang=de#top', 'https://xn--bcher-kva.example/'])(
  '%s is opened',
  (address) => {
    const links = createLinks({ website: null, issues: address });
    expect(links.ids).toEqual(['issues']);
    links.open('issues');
    links.open('website');
    expect(shell.opened).toEqual([address]);
  },
);

test('names of members of objects are no ids', () => {
  const links = createLinks({ website: 'https://example.com/', issues: null });
  for (const id of ['constructor', '__proto__', 'toString']) links.open(id as LinkId);
  expect(shell.opened).toEqual([]);
});
