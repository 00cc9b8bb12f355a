import { say } from "./format.js";
import { Icon } from "./icon.js";
import { clearQueued, moveQueued, playListed, playQueued, queue, removeQueued } from "./queue.js";
import { TrackCover } from "./track_cover.js";
import { setAdventurous } from "./walks.js";

const SHOWN_AHEAD = 20;

/** What plays next; the listener's own entries can be played, moved and removed. */
export const QueueSheet = {
  components: { Icon, TrackCover },
  template: `
    <div class="tb-queue">
      <div class="tb-queue-head">
        <h3>{{ texts.next_in_queue }}</h3>
        <button v-if="queue.waiting.length" type="button" class="tb-link" @click="clear">
          {{ texts.clear }}</button>
      </div>
      <p v-if="!queue.waiting.length" class="tb-note">{{ texts.queue_empty }}</p>
      <ol ref="entries" v-else class="tb-queue-list">
        <li v-for="(entry, i) in queue.waiting" :key="entry.id">
          <button type="button" class="tb-queue-track" :aria-label="label('play_entry', entry)"
                  @click="playQueued(i)">
            <TrackCover :track="entry.track" />
            <span class="tb-names"><span class="tb-title">{{ entry.track.title }}</span>
              <span class="tb-credit">{{ entry.track.artist }}</span></span>
          </button>
          <button type="button" class="tb-button" :disabled="i === 0"
                  :aria-label="label('move_up', entry)" @click="move(i, -1, $event)">
            <Icon name="up" /></button>
          <button type="button" class="tb-button" :disabled="i === queue.waiting.length - 1"
                  :aria-label="label('move_down', entry)" @click="move(i, 1, $event)">
            <Icon name="down" /></button>
          <button type="button" class="tb-button" :aria-label="label('remove', entry)"
                  @click="remove(i)"><Icon name="close" /></button>
        </li>
      </ol>
      <template v-if="ahead.length || isRadio">
        <h3>{{ aheadTitle }}</h3>
        <div v-if="isRadio" class="tb-knob">
          <label for="tb-adventurous">{{ texts.adventurous }}</label>
          <input id="tb-adventurous" type="range" min="0" max="1" step="0.1" class="tb-slider"
                 :style="{ '--level': level }" :value="queue.source.adventurous"
                 :aria-valuetext="level" @change="setAdventurous(Number($event.target.value))">
          <p class="tb-note" aria-hidden="true"><span>{{ texts.familiar }}</span><span>{{ texts.surprising }}</span></p>
        </div>
        <ol class="tb-queue-list">
          <li v-for="{ entry, position } in ahead" :key="entry.id">
            <button type="button" class="tb-queue-track" :aria-label="label('play_entry', entry)"
                    @click="playListed(position)">
              <TrackCover :track="entry.track" />
              <span class="tb-names"><span class="tb-title">{{ entry.track.title }}</span>
                <span class="tb-credit">{{ entry.track.artist }}</span></span>
            </button>
          </li>
        </ol>
      </template>
      <p class="tb-hidden" role="status">{{ news }}</p>
    </div>`,
  props: { texts: Object },
  data: () => ({ queue, news: "" }),
  computed: {
    isRadio() {
      return queue.source.kind === "radio";
    },
    aheadTitle() {
      const { kind, title, to } = queue.source;
      return say(this.texts, `ahead_${kind}`, { title, to });
    },
    level() {
      return `${Math.round(queue.source.adventurous * 100)}%`;
    },
    ahead() {
      const first = queue.position + 1;
      return queue.list
        .slice(first, first + SHOWN_AHEAD)
        .map((entry, i) => ({ entry, position: first + i }));
    },
  },
  methods: {
    playQueued,
    playListed,
    setAdventurous,
    label(key, entry) {
      return say(this.texts, key, { title: entry.track.title });
    },
    async move(index, by, event) {
      const button = event.currentTarget;
      moveQueued(index, by);
      const { title } = queue.waiting[index + by].track;
      this.news = say(this.texts, "moved", { title, place: index + by + 1 });
      await this.$nextTick();
      // At an end of the list the button can't be pressed again; keep the focus in the row.
      if (button.disabled) button.closest("li").querySelector(".tb-button:enabled").focus();
      else button.focus();
    },
    async remove(index) {
      const [removed] = removeQueued(index);
      this.news = say(this.texts, "removed", { title: removed.track.title });
      await this.$nextTick();
      const rows = this.$refs.entries?.children ?? [];
      rows[Math.min(index, rows.length - 1)]?.querySelector("button").focus();
    },
    clear() {
      clearQueued();
      this.news = this.texts.queue_empty;
    },
  },
};
