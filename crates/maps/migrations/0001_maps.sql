-- Bản đồ số: what the city's layers consist of, now and on any day before.

-- Lớp dữ liệu: where a layer stands. `generation` rises with every commit that readers must see.
CREATE TABLE map_layers (
    layer TEXT PRIMARY KEY,
    -- The base that is current; none before the first import.
    base BIGINT,
    generation BIGINT NOT NULL,
    features BIGINT NOT NULL,
    -- The last number that was given to a feature.
    last_feature BIGINT NOT NULL
) /*strict*/;

-- Lần nạp: a layer as one import made it. Its rows are written in many commits while it is being filled, and seen by
-- nobody; one commit puts it in the place of the base before.
CREATE TABLE map_bases (
    number BIGINT PRIMARY KEY,
    layer TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('filling', 'current', 'past')),
    -- From when until when the layer consisted of it.
    valid_from BIGINT,
    valid_to BIGINT,
    -- The file's name as it was given, its format and reference system.
    file TEXT NOT NULL,
    format TEXT NOT NULL,
    crs TEXT NOT NULL,
    -- What was read, and what became of it.
    read BIGINT NOT NULL DEFAULT 0,
    kept BIGINT NOT NULL DEFAULT 0,
    repaired BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    CHECK ((state = 'filling') = (valid_from IS NULL)),
    CHECK ((state = 'past') = (valid_to IS NOT NULL))
) /*strict*/;
CREATE INDEX map_bases_layer ON map_bases (layer, valid_from);

-- Nhật ký nạp: each feature of an import that was repaired or refused, in the file's order.
CREATE TABLE map_troubles (
    base BIGINT NOT NULL,
    position BIGINT NOT NULL,
    refused BOOLEAN NOT NULL,
    -- What the file calls it.
    name TEXT,
    what TEXT NOT NULL,
    PRIMARY KEY (base, position)
) /*strict*/;

-- Đối tượng bản đồ: each version of each feature. The one that is current has no end; of one that was removed the last
-- version ends as it begins.
CREATE TABLE map_features (
    base BIGINT NOT NULL,
    feature BIGINT NOT NULL,
    version BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,
    -- WKB in WGS 84, longitude first; none is a feature without a place.
    geometry BLOB,
    min_x DOUBLE PRECISION,
    min_y DOUBLE PRECISION,
    max_x DOUBLE PRECISION,
    max_y DOUBLE PRECISION,
    -- A JSON object with the layer's attributes, in their order.
    properties TEXT NOT NULL,
    -- Code of the area in which it lies, where the layer's rights go by area.
    area TEXT,
    change TEXT NOT NULL CHECK (change IN ('imported', 'created', 'replaced', 'updated', 'removed', 'undone')),
    changed_by TEXT NOT NULL,
    changed_by_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (base, feature, version)
) /*strict*/;
