/* Starts Oscar's dashboard scripts inside Wagtail's back office. */
const shopPages = (function ($) {
    const SCREENS_WITH_SIDE_TABS = ".bs-docs-sidenav a, .nav-tabs a";

    function isDark() {
        const theme = document.documentElement.classList;
        const systemIsDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
        return theme.contains("w-theme-dark") || (theme.contains("w-theme-system") && systemIsDark);
    }

    /* The text sits in a frame, which Wagtail's colours do not reach by themselves. */
    function editorOptions() {
        const page = getComputedStyle(document.documentElement);
        const colour = (token) => page.getPropertyValue(`--w-color-${token}`).trim();
        return {
            license_key: "gpl",
            skin: isDark() ? "oxide-dark" : "oxide",
            content_style: `body { background: ${colour("surface-field")}; color: ${colour("text-context")}; }`,
        };
    }

    /* The address names the open tab, so that a reload or a link opens it again. */
    function openTabOfAddress() {
        if (!window.location.hash) return;
        $(SCREENS_WITH_SIDE_TABS)
            .filter((_, link) => link.hash === window.location.hash)
            .first()
            .tab("show");
    }

    /* A short list is a plain list; typing to search is for long ones, for several choices and for server look-ups. */
    const SHORTEST_SEARCHED_LIST = 13;
    const initSelects = oscar.dashboard.initSelects;
    oscar.dashboard.initSelects = function (element) {
        $(element)
            .find("select")
            .not("[multiple], [data-ajax-url], .select2")
            .filter((_, select) => select.options.length < SHORTEST_SEARCHED_LIST)
            .addClass("no-widget-init");
        initSelects(element);
    };

    /* Oscar's order page calls a function that its script lost. */
    oscar.dashboard.orders.initTable ??= () => {};

    /* Wagtail has a `fade` of its own; Bootstrap would wait for an end of it that never comes. */
    function showAtOnce() {
        $(".tab-pane, .modal").removeClass("fade");
    }

    function init(options) {
        showAtOnce();
        oscar.dashboard.init({ ...options, tinyConfig: editorOptions() });
        openTabOfAddress();
    }

    return { init };
})(jQuery);
