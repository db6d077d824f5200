//! Icons: line drawings on a 24 grid, inline, so that they take the colour of the text and cost no request.

/// Name and drawing; a drawing is the inside of an `<svg>` that strokes in the colour of the text.
const ICONS: &[(&str, &str)] = &[
    // movement and commands
    ("arrow-right", "<path d='M4 12h15M13 6l6 6-6 6'/>"),
    ("arrow-left", "<path d='M20 12H5M11 6l-6 6 6 6'/>"),
    ("chevron-right", "<path d='m9 5 7 7-7 7'/>"),
    ("chevron-left", "<path d='m15 5-7 7 7 7'/>"),
    ("chevron-down", "<path d='m5 9 7 7 7-7'/>"),
    ("external", "<path d='M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9'/>"),
    ("close", "<path d='M6 6l12 12M18 6 6 18'/>"),
    ("plus", "<path d='M12 5v14M5 12h14'/>"),
    ("menu", "<path d='M4 7h16M4 12h16M4 17h16'/>"),
    ("search", "<circle cx='10.5' cy='10.5' r='6.5'/><path d='m15.5 15.5 5 5'/>"),
    ("filter", "<path d='M4 6h16M7 12h10M10 18h4'/>"),
    ("edit", "<path d='M4 20h4L19 9l-4-4L4 16v4ZM13 7l4 4'/>"),
    ("copy", "<rect x='8.5' y='8.5' width='11' height='11' rx='2'/><path d='M15.5 5.5v-1h-11v11h1'/>"),
    ("download", "<path d='M12 4v11M7 10.5l5 5 5-5M5 20h14'/>"),
    ("upload", "<path d='M12 16V5M7 9.5l5-5 5 5M5 20h14'/>"),
    ("print", "<path d='M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z'/>"),
    ("refresh", "<path d='M19.5 9A8 8 0 1 0 20 13M20 4v5h-5'/>"),
    (
        "eye",
        "<path d='M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z'/><circle cx='12' cy='12' r='3'/>",
    ),
    ("send", "<path d='M20.5 3.5 3.5 10l7 3.5 3.5 7zM10.5 13.5l10-10'/>"),
    ("sign-in", "<path d='M14 4h5v16h-5M4 12h11M11 8l4 4-4 4'/>"),
    ("sign-out", "<path d='M10 4H5v16h5M10 12h11M17 8l4 4-4 4'/>"),
    // states
    ("check", "<path d='m5 12.5 5 5L19.5 7'/>"),
    ("done", "<circle cx='12' cy='12' r='9'/><path d='m8 12.3 3 3 5.2-6'/>"),
    ("cross", "<circle cx='12' cy='12' r='9'/><path d='m9 9 6 6M15 9l-6 6'/>"),
    ("warning", "<path d='M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1'/>"),
    ("info", "<circle cx='12' cy='12' r='9'/><path d='M12 11v5.5M12 7.6v.1'/>"),
    ("help", "<circle cx='12' cy='12' r='9'/><path d='M9.4 9.5a2.7 2.7 0 1 1 3.9 2.4c-.9.5-1.3 1-1.3 2M12 16.9v.1'/>"),
    ("clock", "<circle cx='12' cy='12' r='9'/><path d='M12 7v5.3l3.5 2'/>"),
    (
        "hourglass",
        "<path d='M6 4h12M6 20h12M7.5 4c0 5 4.5 5.5 4.5 8s-4.5 3-4.5 8M16.5 4c0 5-4.5 5.5-4.5 8s4.5 3 4.5 8'/>",
    ),
    ("pause", "<circle cx='12' cy='12' r='9'/><path d='M10 9v6M14 9v6'/>"),
    ("stop", "<circle cx='12' cy='12' r='9'/><path d='M9.5 9.5h5v5h-5z'/>"),
    ("progress", "<circle cx='12' cy='12' r='9' stroke-dasharray='4 3'/><path d='M12 8v4l2.5 2.5'/>"),
    ("flag", "<path d='M6 21V4h12l-2.5 4L18 12H6'/>"),
    ("lock", "<rect x='5' y='10.5' width='14' height='10' rx='2'/><path d='M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2'/>"),
    ("bell", "<path d='M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4'/>"),
    // things and people
    ("home", "<path d='M4 11 12 4l8 7M6 9.5V20h12V9.5M10 20v-5.5h4V20'/>"),
    ("user", "<circle cx='12' cy='8' r='4'/><path d='M4.5 20.5c.7-4 3.6-6 7.5-6s6.8 2 7.5 6'/>"),
    (
        "users",
        "<circle cx='9' cy='8.5' r='3.5'/><path d='M2.5 19.5c.5-3.5 3-5.3 6.5-5.3s6 1.8 6.5 5.3M15 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.8c2.3.6 3.7 2.2 4 4.7'/>",
    ),
    ("document", "<path d='M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6.5M9 16h6.5'/>"),
    ("folder", "<path d='M3.5 6.5v12h17V8.5h-8l-2-2.5h-7z'/>"),
    (
        "paperclip",
        "<path d='m19.5 11-7.8 7.8a4.4 4.4 0 0 1-6.2-6.2l8-8a3 3 0 0 1 4.2 4.2l-7.8 7.8a1.5 1.5 0 0 1-2.1-2.1L15 7.3'/>",
    ),
    ("inbox", "<path d='M4 13 6.5 5h11L20 13v6H4zM4 13h5l1.5 2.5h3L15 13h5'/>"),
    ("mail", "<rect x='3.5' y='5.5' width='17' height='13' rx='2'/><path d='m4 7.5 8 6 8-6'/>"),
    ("message", "<path d='M4 5h16v11h-8.5L7 20v-4H4zM8 9h8M8 12h5'/>"),
    (
        "phone",
        "<path d='M5 4h4l1.5 4.5L8 10.5c1 2.3 3.2 4.5 5.5 5.5l2-2.5L20 15v4c0 .6-.4 1-1 1C11 20 4 13 4 5c0-.6.4-1 1-1Z'/>",
    ),
    ("calendar", "<rect x='4' y='5.5' width='16' height='14.5' rx='2'/><path d='M4 10h16M8.5 3.5v4M15.5 3.5v4'/>"),
    (
        "money",
        "<rect x='2.5' y='6.5' width='19' height='11' rx='2'/><circle cx='12' cy='12' r='2.5'/><path d='M6 12h.1M18 12h.1'/>",
    ),
    ("card", "<rect x='2.5' y='5.5' width='19' height='13' rx='2'/><path d='M2.5 10h19M6 15h4'/>"),
    ("qr", "<path d='M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v6h-3.5M14 19.5v.5'/>"),
    ("shield", "<path d='M12 3.5 5 6v5.5c0 4.4 2.8 7.4 7 9 4.2-1.6 7-4.6 7-9V6zM9 12l2.3 2.3L15.2 10'/>"),
    ("seal", "<circle cx='12' cy='9.5' r='6'/><path d='m8.5 14.5-1.5 6 5-2.5 5 2.5-1.5-6M9.7 9.6l1.7 1.7 3-3.4'/>"),
    ("pen", "<path d='M4 20c3-5 6-11 12-16l3.5 3C16 12 10 16 4 20ZM4 20l7-8'/>"),
    ("building", "<path d='M4 20.5h16M6 20.5V9l6-4.5L18 9v11.5M10 20.5v-4h4v4M9.5 11h.1M14.5 11h.1'/>"),
    (
        "globe",
        "<circle cx='12' cy='12' r='9'/><path d='M3 12h18M12 3c3 2.7 4 5.7 4 9s-1 6.3-4 9c-3-2.7-4-5.7-4-9s1-6.3 4-9Z'/>",
    ),
    (
        "pin",
        "<path d='M12 21c4.5-4.8 6.8-8.2 6.8-11.2a6.8 6.8 0 0 0-13.6 0C5.2 12.8 7.5 16.2 12 21Z'/><circle cx='12' cy='9.8' r='2.4'/>",
    ),
    ("history", "<path d='M4.5 9A8.3 8.3 0 1 1 4 13M4 4.5V9h4.5M12 8v4.5l3 1.8'/>"),
    ("device", "<rect x='7' y='3' width='10' height='18' rx='2.2'/><path d='M11 18h2'/>"),
    ("star", "<path d='m12 4 2.5 5.2 5.7.8-4.1 4 1 5.7-5.1-2.7-5.1 2.7 1-5.7-4.1-4 5.7-.8z'/>"),
    // fields of public services and events of a life
    (
        "family",
        "<circle cx='8' cy='7' r='3'/><circle cx='16.5' cy='8' r='2.5'/><path d='M2.5 20c.3-4.5 2-7 5.5-7 2 0 3.5.9 4.4 2.5M12 20c.2-3.8 1.7-6 4.5-6s4.5 2.2 4.7 6M2.5 20h18.7'/>",
    ),
    (
        "baby",
        "<circle cx='12' cy='12' r='8.5'/><path d='M9 11v.1M15 11v.1M9 14.8c1.7 1.7 4.3 1.7 6 0M12 3.5c1.7.8 1.7 2.7 0 3'/>",
    ),
    (
        "heart",
        "<path d='M12 20C6.5 16 3.5 12.8 3.5 9.2A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8.5 2.2C20.5 12.8 17.5 16 12 20Z'/>",
    ),
    ("house", "<path d='M3.5 12 12 4.5l8.5 7.5M6 10v10h12V10M9.5 20v-6h5v6M15.5 7.5v-3h2v5'/>"),
    ("land", "<path d='M3.5 8.5 9 5l6 3.5L20.5 5v11L15 19.5 9 16l-5.5 3.5zM9 5v11M15 8.5v11'/>"),
    (
        "business",
        "<path d='M4 10v10h16V10M3 10l2-6h14l2 6c0 1.5-1 2.5-2.5 2.5S16 11.5 15.8 10c0 1.5-1.3 2.5-2.6 2.5S12 11.5 12 10c0 1.5-1.3 2.5-2.6 2.5S8 11.5 8.2 10c-.2 1.5-1.2 2.5-2.7 2.5S3 11.5 3 10ZM9.5 20v-4.5h5V20'/>",
    ),
    ("work", "<rect x='3.5' y='7.5' width='17' height='12' rx='2'/><path d='M9 7.5V5h6v2.5M3.5 12.5h17M12 11.5v2.5'/>"),
    ("school", "<path d='M2.5 9.5 12 5l9.5 4.5L12 14zM6.5 11.5V17c3 2.3 8 2.3 11 0v-5.5M21.5 9.5V15'/>"),
    (
        "health",
        "<path d='M3.5 12h4l2-4.5 3.5 9 2.5-6 1.3 1.5h3.7'/><path d='M12 20.5C6.5 16.5 3.5 13 3.5 9.2A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8.5 2.2c0 3.8-3 7.3-8.5 11.3Z' opacity='.35'/>",
    ),
    (
        "transport",
        "<path d='M4 16.5V7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v9.5zM4 12h16M6.5 16.5V19M17.5 16.5V19M7.5 14.3h.1M16.5 14.3h.1'/>",
    ),
    (
        "construction",
        "<path d='M4 20.5V9h9v11.5M13 13h7v7.5M2.5 20.5h19M7 12.5h3M7 16h3M16 16.5h1.5M4 9l4.5-4.5L13 9'/>",
    ),
    ("environment", "<path d='M5 19C4 10.5 9 5 19.5 4.5 20 14 15 19.5 7.5 18M5 20c1.5-5 4.5-8.5 9-10.5'/>"),
    ("culture", "<path d='M4 9 12 4.5 20 9zM4 9v1.5h16V9M6 10.5v7M10 10.5v7M14 10.5v7M18 10.5v7M4 20h16v-2.5H4z'/>"),
    (
        "justice",
        "<path d='M12 4v16M7 20h10M5 7.5h14M5 7.5 2.5 14h5zM19 7.5 16.5 14h5zM2.5 14c.5 1.5 4.5 1.5 5 0M16.5 14c.5 1.5 4.5 1.5 5 0'/>",
    ),
    (
        "id",
        "<rect x='3' y='5.5' width='18' height='13' rx='2'/><circle cx='8.5' cy='11' r='2'/><path d='M5.5 15.8c.4-1.6 1.4-2.3 3-2.3s2.6.7 3 2.3M14 10h4.5M14 13.5h3'/>",
    ),
    (
        "social",
        "<circle cx='12' cy='6.5' r='2.5'/><circle cx='5.5' cy='16.5' r='2.5'/><circle cx='18.5' cy='16.5' r='2.5'/><path d='M10.8 8.7 6.8 14.3M13.2 8.7l4 5.6M8 16.5h8'/>",
    ),
    (
        "wave",
        "<path d='M2.5 9c2.4-2 4.7-2 7.1 0s4.7 2 7.1 0 3.2-1.7 4.8-1M2.5 15c2.4-2 4.7-2 7.1 0s4.7 2 7.1 0 3.2-1.7 4.8-1'/>",
    ),
];

/// The `<svg>` of an icon, hidden from screen readers: the word beside it says the same. An unknown name draws a dot.
pub(crate) fn svg(name: &str) -> String {
    let drawing = ICONS.iter().find(|(known, _)| *known == name).map_or("<path d='M12 12h.1'/>", |(_, path)| path);
    format!(
        "<svg class=\"icon\" width=\"24\" height=\"24\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.75\" \
         stroke-linecap=\"round\" stroke-linejoin=\"round\" aria-hidden=\"true\" focusable=\"false\">{drawing}</svg>"
    )
}

/// The names of all icons, for the page that shows them.
pub(crate) fn names() -> Vec<&'static str> {
    ICONS.iter().map(|(name, _)| *name).collect()
}
