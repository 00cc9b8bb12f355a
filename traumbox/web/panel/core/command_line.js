import { Icon } from "./icon.js";

/** A command for the owner's terminal, to be copied with one press. */
export const CommandLine = {
  components: { Icon },
  template: `
    <div class="tb-command">
      <code ref="command" tabindex="0">{{ command }}</code>
      <button type="button" class="tb-button" :aria-label="texts.copy" :title="texts.copy"
              @click="copy"><Icon :name="copied ? 'check' : 'copy'" /></button>
      <span class="tb-hidden" role="status">{{ copied ? texts.copied : "" }}</span>
    </div>`,
  props: { command: String, texts: Object },
  data: () => ({ copied: false }),
  watch: {
    command() {
      this.copied = false;
    },
  },
  methods: {
    copy() {
      // Over plain http there is no clipboard to write to; a selection can be copied all the same.
      getSelection().selectAllChildren(this.$refs.command);
      this.copied = document.execCommand("copy");
      if (this.copied) getSelection().removeAllRanges();
    },
  },
};
