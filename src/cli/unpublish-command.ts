import { Command } from 'commander';
import { unpublish } from '../store/publish.js';
import type { Io } from './io.js';
import {
  addStoreChangeOptions,
  chooseChannels,
  type StoreChangeOptions,
  tellChange,
} from './store-change.js';
import { addStoreOptions, connect, type StoreOptions } from './store-options.js';

interface UnpublishOptions extends StoreOptions, StoreChangeOptions {
  readonly deleteWidgets?: boolean;
}

/** Makes the command that takes Extole out of a store. */
export function unpublishCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('unpublish')
    .description('Takes out of a store what publish put there.')
    .option('--delete-widgets', 'delete the widgets that merchants placed, too');
  addStoreChangeOptions(command, 'take it out of every Stencil storefront');
  return addStoreOptions(command).action(async (options: UnpublishOptions) => {
    const change = tellChange(
      async (progress) => {
        const client = await connect(options, io);
        const channelIds = await chooseChannels(client, options, io);
        const { deleteWidgets = false, dryRun = false } = options;
        return unpublish(client, { channelIds, deleteWidgets, isDryRun: dryRun }, progress);
      },
      {
        settled: 'Extole is out of the store.',
        hints: { WIDGETS_STAY: '--delete-widgets takes them out of the pages, and the template with them.' },
      },
      options,
      io,
    );
    done(await change);
  });
}
