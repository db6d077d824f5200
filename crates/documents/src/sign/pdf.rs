//! The PDF side of a signature: a field with room for it, appended to the file, and the digest of all the rest.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, StringFormat, dictionary};
use sha2::{Digest as _, Sha256};

use super::{Appearance, Digest, SignError, SignRequest};

/// Stands in the byte range until the numbers are known: three numbers of ten digits.
const UNKNOWN: i64 = 9_999_999_999;
/// Annotation flags: print, locked (ISO 32000-1, 12.5.3).
const FLAGS: i64 = 4 | 128;
/// Depth of objects within objects of a drawing.
const DEPTH_MAX: usize = 32;

/// Reads a PDF that an update may be appended to.
pub(super) fn load(document: &[u8]) -> Result<Document, SignError> {
    let previous = Document::load_mem(document)?;
    if previous.trailer.has(b"Encrypt") {
        return Err(SignError::Unsuitable("it is encrypted, remove the password first"));
    }
    Ok(previous)
}

/// The file with the update appended.
pub(super) fn saved(mut update: IncrementalDocument) -> Result<Vec<u8>, SignError> {
    let mut out = Vec::new();
    update.save_to(&mut out).map_err(lopdf::Error::from)?;
    Ok(out)
}

/// A file complete but for the signature itself.
pub(super) struct Reserved {
    bytes: Vec<u8>,
    /// Where `<` of the signature stands, and what follows its `>`.
    gap: (usize, usize),
    /// Bytes of CMS that fit the gap.
    room: usize,
}

impl Reserved {
    /// Digest of everything outside the gap.
    pub(super) fn digest(&self) -> Digest {
        let mut hash = Sha256::new();
        hash.update(&self.bytes[..self.gap.0]);
        hash.update(&self.bytes[self.gap.1..]);
        hash.finalize().into()
    }

    pub(super) fn fill(mut self, cms: &[u8]) -> Result<Vec<u8>, SignError> {
        if cms.len() > self.room {
            return Err(SignError::TooLarge { bytes: cms.len(), bytes_max: self.room });
        }
        let hex = data_encoding::HEXUPPER.encode(cms);
        let start = self.gap.0 + 1;
        self.bytes[start..start + hex.len()].copy_from_slice(hex.as_bytes());
        Ok(self.bytes)
    }
}

/// Appends an empty signature field with `room` bytes for the CMS.
pub(super) fn reserve(
    document: &[u8],
    request: &SignRequest<'_>,
    room: usize,
    now: Timestamp,
) -> Result<Reserved, SignError> {
    append(document, request.field, request.appearance.as_ref(), signature_dictionary(request, room, now), room)
}

/// The same for a timestamp over the whole document (ETSI EN 319 142-1, 5.4.3), which nobody sees on the page.
pub(super) fn reserve_timestamp(document: &[u8], room: usize) -> Result<Reserved, SignError> {
    let timestamp = dictionary! {
        "Type" => "DocTimeStamp",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.RFC3161",
        "ByteRange" => vec![0.into(), UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into()],
        "Contents" => Object::String(vec![0; room], StringFormat::Hexadecimal),
    };
    append(document, "timestamp", None, timestamp, room)
}

fn append(
    document: &[u8],
    field: &str,
    appearance: Option<&Appearance<'_>>,
    signature: Dictionary,
    room: usize,
) -> Result<Reserved, SignError> {
    let previous = load(document)?;
    let root = previous.trailer.get(b"Root")?.as_reference()?;
    let number = appearance.map_or(1, |appearance| appearance.page);
    let page =
        *previous.get_pages().get(&number).ok_or(SignError::Unsuitable("the page of the signature is not there"))?;
    let name = free_name(&previous, root, field);
    let annotations = array_of(&previous, page, b"Annots");

    let mut update = IncrementalDocument::create_from(document.to_vec(), previous);
    update.opt_clone_object_to_new_document(root)?;
    update.opt_clone_object_to_new_document(page)?;

    let signature = update.new_document.add_object(signature);
    let mut widget = dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => text(&name),
        "V" => signature,
        "F" => FLAGS,
        "P" => page,
        "Rect" => numbers(&appearance.map_or([0.0; 4], |appearance| appearance.rect)),
    };
    if let Some(appearance) = appearance {
        let drawing = drawing(&mut update.new_document, appearance)?;
        widget.set("AP", dictionary! { "N" => drawing });
    }
    let widget = update.new_document.add_object(widget);

    let mut annotations = annotations;
    annotations.push(widget.into());
    update.new_document.get_object_mut(page)?.as_dict_mut()?.set("Annots", annotations);
    enter_field(&mut update, root, widget)?;
    close_gap(saved(update)?, document.len(), room)
}

fn signature_dictionary(request: &SignRequest<'_>, room: usize, now: Timestamp) -> Dictionary {
    let time = now.to_zoned(TimeZone::UTC).strftime("D:%Y%m%d%H%M%SZ").to_string();
    let mut signature = dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => vec![0.into(), UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into()],
        "Contents" => Object::String(vec![0; room], StringFormat::Hexadecimal),
        "M" => Object::string_literal(time),
        "Reason" => text(request.reason),
    };
    if let Some(location) = request.location {
        signature.set("Location", text(location));
    }
    signature
}

/// Finds the room left for the signature and writes where it is.
fn close_gap(mut bytes: Vec<u8>, update_starts: usize, room: usize) -> Result<Reserved, SignError> {
    let find = |bytes: &[u8], needle: &[u8]| {
        let tail = bytes.get(update_starts..)?;
        tail.windows(needle.len()).position(|window| window == needle).map(|at| at + update_starts)
    };
    let lost = SignError::Unsuitable("the room for the signature was not written as expected");
    let placeholder = format!("{UNKNOWN} {UNKNOWN} {UNKNOWN}");
    let zeros = format!("<{}>", "00".repeat(room));
    let (Some(range), Some(gap)) = (find(&bytes, placeholder.as_bytes()), find(&bytes, zeros.as_bytes())) else {
        return Err(lost);
    };
    let after = gap + zeros.len();
    let written = format!("{gap:<10} {after:<10} {:<10}", bytes.len() - after);
    bytes[range..range + placeholder.len()].copy_from_slice(written.as_bytes());
    Ok(Reserved { bytes, gap: (gap, after), room })
}

/// Puts the field into the form, which may be a dictionary of its own, part of the catalogue, or missing.
fn enter_field(update: &mut IncrementalDocument, root: ObjectId, widget: ObjectId) -> Result<(), SignError> {
    let previous = update.get_prev_documents();
    let form = previous.get_dictionary(root)?.get(b"AcroForm").ok().cloned();
    let mut dictionary = match &form {
        Some(form) => previous.dereference(form)?.1.as_dict()?.clone(),
        None => Dictionary::new(),
    };
    let fields = dictionary.get_deref(b"Fields", previous).and_then(Object::as_array).cloned();
    let mut fields = fields.unwrap_or_default();
    fields.push(widget.into());
    dictionary.set("Fields", fields);
    // Signatures exist; append only.
    dictionary.set("SigFlags", 3);
    let id = match form {
        Some(Object::Reference(id)) => {
            update.new_document.set_object(id, dictionary);
            id
        }
        _ => update.new_document.add_object(dictionary),
    };
    update.new_document.get_object_mut(root)?.as_dict_mut()?.set("AcroForm", id);
    Ok(())
}

/// The drawing's page as a form, with everything it uses.
fn drawing(into: &mut Document, appearance: &Appearance<'_>) -> Result<ObjectId, SignError> {
    let source = Document::load_mem(appearance.drawing)?;
    let pages = source.get_pages();
    let page = *pages.get(&1).ok_or(SignError::Unsuitable("the drawing of the signature has no page"))?;
    let dictionary = source.get_dictionary(page)?;
    let mut form = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "FormType" => 1,
        "BBox" => source.dereference(dictionary.get(b"MediaBox")?)?.1.clone(),
    };
    let mut copied = BTreeMap::new();
    for key in [b"Resources".as_slice(), b"Group"] {
        if let Ok(value) = dictionary.get_deref(key, &source) {
            form.set(key, copy(&source, into, value, &mut copied, 0)?);
        }
    }
    let mut stream = Stream::new(form, source.get_page_content(page));
    stream.compress()?;
    Ok(into.add_object(stream))
}

/// A deep copy from one document into another, each object once.
fn copy(
    source: &Document,
    into: &mut Document,
    object: &Object,
    copied: &mut BTreeMap<ObjectId, ObjectId>,
    depth: usize,
) -> Result<Object, SignError> {
    if depth > DEPTH_MAX {
        return Err(SignError::Unsuitable("the drawing of the signature is nested too deep"));
    }
    let mut entries = |dictionary: &Dictionary, into: &mut Document| -> Result<Dictionary, SignError> {
        let mut out = Dictionary::new();
        for (key, value) in dictionary {
            out.set(key.clone(), copy(source, into, value, copied, depth + 1)?);
        }
        Ok(out)
    };
    Ok(match object {
        Object::Reference(id) => {
            if let Some(known) = copied.get(id) {
                return Ok(Object::Reference(*known));
            }
            let new = into.new_object_id();
            copied.insert(*id, new);
            let value = copy(source, into, source.get_object(*id)?, copied, depth + 1)?;
            into.set_object(new, value);
            Object::Reference(new)
        }
        Object::Array(items) => {
            let items = items.iter().map(|item| copy(source, into, item, copied, depth + 1));
            Object::Array(items.collect::<Result<_, _>>()?)
        }
        Object::Dictionary(dictionary) => Object::Dictionary(entries(dictionary, into)?),
        Object::Stream(stream) => {
            let mut stream = stream.clone();
            stream.dict = entries(&stream.dict.clone(), into)?;
            Object::Stream(stream)
        }
        plain => plain.clone(),
    })
}

fn array_of(document: &Document, id: ObjectId, key: &[u8]) -> Vec<Object> {
    let dictionary = document.get_dictionary(id).ok();
    let array = dictionary.and_then(|d| d.get_deref(key, document).and_then(Object::as_array).ok());
    array.cloned().unwrap_or_default()
}

/// The field's name, with a number if it is taken.
fn free_name(document: &Document, root: ObjectId, wanted: &str) -> String {
    let form = document.get_dictionary(root).and_then(|r| r.get_deref(b"AcroForm", document)).and_then(Object::as_dict);
    let fields = form.and_then(|form| form.get_deref(b"Fields", document)).and_then(Object::as_array);
    let taken: Vec<&[u8]> = fields
        .into_iter()
        .flatten()
        .filter_map(|field| document.dereference(field).ok()?.1.as_dict().ok()?.get(b"T").ok()?.as_str().ok())
        .collect();
    let is_free = |name: &str| text(name).as_str().is_ok_and(|name| !taken.contains(&name));
    let numbered = (2..).map(|n| format!("{wanted}-{n}"));
    std::iter::once(wanted.to_owned()).chain(numbered).find(|name| is_free(name)).unwrap_or_default()
}

fn numbers(values: &[f32]) -> Vec<Object> {
    values.iter().map(|value| Object::Real(*value)).collect()
}

/// A text string: UTF-16 with its mark (ISO 32000-1, 7.9.2.2).
fn text(value: &str) -> Object {
    let units = value.encode_utf16().flat_map(u16::to_be_bytes);
    Object::String([0xfe, 0xff].into_iter().chain(units).collect(), StringFormat::Hexadecimal)
}
