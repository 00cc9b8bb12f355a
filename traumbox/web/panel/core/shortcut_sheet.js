import { reactive } from "vue";
import { Sheet } from "./sheet.js";
import { enableShortcuts, shortcuts } from "./shortcuts.js";

export const shortcutSheet = reactive({ open: false });

const KEYS = [
  ["/", "key_search"],
  ["Space", "key_play"],
  ["J", "key_back"],
  ["L", "key_forward"],
  ["P", "key_previous"],
  ["N", "key_next"],
  ["M", "key_mute"],
  ["Q", "key_queue"],
];

/** The list of shortcuts with their off switch. */
export const ShortcutSheet = {
  components: { Sheet },
  template: `
    <Sheet :open="sheet.open" :title="texts.shortcuts" title-id="tb-shortcuts-title"
           :close-label="texts.close" @close="sheet.open = false">
      <label class="tb-switch">
        <input type="checkbox" role="switch" :checked="shortcuts.enabled"
               @change="enableShortcuts($event.target.checked)">
        <span>{{ texts.shortcuts_on }}</span>
      </label>
      <dl class="tb-keys" :class="{ off: !shortcuts.enabled }">
        <div v-for="[key, text] in keys" :key="key">
          <dt><kbd class="tb-key">{{ key }}</kbd></dt><dd>{{ texts[text] }}</dd>
        </div>
      </dl>
    </Sheet>`,
  props: { texts: Object },
  data: () => ({ sheet: shortcutSheet, shortcuts, keys: KEYS }),
  methods: { enableShortcuts },
};
