import { app } from 'electron';

import { chromiumFolder, claimHome, homeProblem } from './shell/claim-home.ts';
import { confinePages } from './shell/lockdown.ts';
import { registerScheme } from './shell/protocol.ts';
import { runStudio } from './shell/run-studio.ts';
import { endWithFault } from './shell/start-fault.ts';
import { homeFolder } from './store/home.ts';

registerScheme();
confinePages();

const home = homeFolder();
const fault = await claimHome(home);
if (fault === null) app.setPath('userData', chromiumFolder(home));

// The lock lies in the home folder: one studio for each home.
if (fault === null && !app.requestSingleInstanceLock()) app.exit(0);
else
  void app
    .whenReady()
    .then(() => (fault === null ? runStudio(home) : endWithFault(fault)))
    .catch((cause: unknown) => endWithFault(homeProblem(home, cause)));
