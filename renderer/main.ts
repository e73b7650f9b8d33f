/** The way in: settings that have to stand before anything else is loaded. */
import './ui/base.css';
import { z } from 'zod';

// zod compiles its schemas with `new Function` where it may; the Content-Security-Policy forbids that, and counts the attempt. It tries when the
// first schema is made, so the schemas come after.
z.config({ jitless: true });
await import('./page.ts');
