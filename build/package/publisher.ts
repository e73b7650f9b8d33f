/** @file Who publishes a package: said by whoever builds it, in the environment. */

export interface Publisher {
  /** Reverse domain name by which systems know the program. */
  readonly appId: string;
  /** Name on certificates and packages. */
  readonly name: string;
  /** `Name <address>`, for Debian packages. */
  readonly maintainer: string;
  /** Page of the program, https. */
  readonly homepage: string;
  /** Page where problems are reported, https; null: none. */
  readonly issues: string | null;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Stands in packages that nobody publishes; such names cannot belong to anybody. */
const UNPUBLISHED: Publisher = {
  appId: 'localhost.enlarger',
  name: 'Unpublished',
  maintainer: 'Unpublished <nobody@localhost.invalid>',
  homepage: 'https://enlarger.invalid/',
  issues: null,
};

/**
 * From ENLARGER_APP_ID, ENLARGER_PUBLISHER, ENLARGER_MAINTAINER, ENLARGER_HOMEPAGE and ENLARGER_ISSUES. Throws for a release that lacks one of the
 * first four: an update without the name of its publisher could come from anybody.
 */
export function publisherFrom(env: Env, isRelease: boolean): Publisher {
  const said = (name: string): string | null => {
    const text = env[name]?.trim() ?? '';
    return text === '' ? null : text;
  };
  const needed = ['ENLARGER_APP_ID', 'ENLARGER_PUBLISHER', 'ENLARGER_MAINTAINER', 'ENLARGER_HOMEPAGE'];
  const missing = needed.filter((name) => said(name) === null);
  if (isRelease && missing.length > 0) throw new Error(`A release says who publishes it: set ${missing.join(', ')}.`);
  return {
    appId: said('ENLARGER_APP_ID') ?? UNPUBLISHED.appId,
    name: said('ENLARGER_PUBLISHER') ?? UNPUBLISHED.name,
    maintainer: said('ENLARGER_MAINTAINER') ?? UNPUBLISHED.maintainer,
    homepage: said('ENLARGER_HOMEPAGE') ?? UNPUBLISHED.homepage,
    issues: said('ENLARGER_ISSUES'),
  };
}
