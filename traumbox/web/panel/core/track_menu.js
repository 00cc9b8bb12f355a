import { lessLike, moreLike, onlyLike, question } from "./asked.js";
import { credit, say } from "./format.js";
import { Icon } from "./icon.js";
import { enqueue, playNext } from "./queue.js";
import { searchField } from "./search_field.js";
import { navigate, url } from "./urls.js";
import { endJourney, journey, startRadio } from "./walks.js";

const MARGIN_PX = 8;

/** The menu behind a row's three dots; one serves a whole list. */
export const TrackMenu = {
  components: { Icon },
  template: `
    <div popover="auto" class="tb-menu" role="menu" :aria-label="label" @toggle="toggled"
         @keydown="keys" @click="$el.hidePopover()">
      <template v-if="track">
        <button type="button" role="menuitem" tabindex="-1"
                @click="$emit('details', track)"><Icon name="target" />{{ texts.details }}</button>
        <a role="menuitem" tabindex="-1" :href="moreHref"><Icon name="alike" />{{ texts.more_like }}</a>
        <a v-if="question.asked.like.length || question.asked.text" role="menuitem" tabindex="-1" :href="lessHref">
          <Icon name="less" />{{ texts.less_like }}</a>
        <button type="button" role="menuitem" tabindex="-1" @click="likeThisBut">
          <Icon name="edit" />{{ texts.like_but }}</button>
        <button type="button" role="menuitem" tabindex="-1" @click="startRadio(texts, track)">
          <Icon name="radio" />{{ texts.radio }}</button>
        <button v-if="!journey.from" type="button" role="menuitem" tabindex="-1"
                @click="journey.from = track"><Icon name="journey" />{{ texts.journey_to }}</button>
        <button v-else-if="journey.from.id !== track.id" type="button" role="menuitem" tabindex="-1"
                @click="endJourney(texts, track)"><Icon name="journey" />{{ texts.journey_here }}</button>
        <button type="button" role="menuitem" tabindex="-1" @click="line(playNext)">
          <Icon name="next" />{{ texts.play_next }}</button>
        <button type="button" role="menuitem" tabindex="-1" @click="line(enqueue)">
          <Icon name="enqueue" />{{ texts.enqueue_short }}</button>
        <a role="menuitem" tabindex="-1" :href="downloadHref" :download="fileName">
          <Icon name="download" />{{ texts.download }}</a>
      </template>
    </div>`,
  props: { texts: Object },
  emits: ["details", "queued"],
  data: () => ({ track: null, journey, question }),
  computed: {
    label() {
      return this.track ? say(this.texts, "more", { title: this.track.title }) : "";
    },
    moreHref() {
      return url(moreLike(question.asked, this.track.id));
    },
    lessHref() {
      return url(lessLike(question.asked, this.track.id));
    },
    downloadHref() {
      return url(`${this.track.stream}?download=true`);
    },
    fileName() {
      return this.track.path.split("/").pop() || credit(this.track);
    },
  },
  methods: {
    endJourney,
    enqueue,
    playNext,
    startRadio,
    likeThisBut() {
      navigate(onlyLike(this.track.id));
      searchField.wanted = true;
    },
    line(action) {
      action(this.track);
      this.$emit("queued", this.track);
    },
    async open(track, anchor) {
      this.track = track;
      await this.$nextTick();
      this.$el.showPopover();
      this.place(anchor.getBoundingClientRect());
      this.items()[0].focus();
    },
    items() {
      return [...this.$el.querySelectorAll("[role=menuitem]")];
    },
    place(anchor) {
      const { offsetWidth: width, offsetHeight: height, style } = this.$el;
      const below = anchor.bottom + MARGIN_PX;
      const fits = below + height + MARGIN_PX <= innerHeight;
      style.left = `${Math.max(MARGIN_PX, anchor.right - width)}px`;
      style.top = `${fits ? below : Math.max(MARGIN_PX, anchor.top - height - MARGIN_PX)}px`;
    },
    toggled(event) {
      // A menu that stays in place while the page scrolls under it belongs to nothing.
      if (event.newState === "open") addEventListener("scroll", this.hide, { once: true });
      else removeEventListener("scroll", this.hide);
    },
    hide() {
      this.$el.hidePopover();
    },
    keys(event) {
      const items = this.items();
      const at = items.indexOf(document.activeElement);
      const target = {
        ArrowDown: items[(at + 1) % items.length],
        ArrowUp: items.at(at - 1),
        Home: items[0],
        End: items.at(-1),
      }[event.key];
      if (event.key === "Tab") this.hide();
      if (!target) return;
      event.preventDefault();
      target.focus();
    },
  },
};
