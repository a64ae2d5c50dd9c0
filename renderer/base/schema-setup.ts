import { z } from 'zod';

// The page's policy forbids eval; without this the schema library would try it and be reported.
z.config({ jitless: true });
