/** What stands in the head of every answer of the server, also of refusals. */
import { pageHeaders } from '../../core/host/page-headers.ts';

/** All that browsers let a page ask for and that this one never does. Names that Chromium does not know would be a warning on its console. */
const deniedFeatures = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'compute-pressure',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'keyboard-map',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'otp-credentials',
  'payment',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'sync-xhr',
  'usb',
  'window-management',
  'xr-spatial-tracking',
] as const;

/** By lower-case name. */
export const alwaysHeaders: Readonly<Record<string, string>> = {
  ...pageHeaders,
  'x-frame-options': 'DENY',
  'permissions-policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
};
