-- Pictures and papers (slice media). The bytes live in the object store under names nobody can guess.

create table media (
    id uuid constraint media_pk primary key,
    -- Null: a buyer's own, not a shop's.
    seller_id uuid,
    uploaded_by uuid not null constraint media_uploaded_by_fk references accounts,
    purpose text not null constraint media_purpose check (purpose in ('picture', 'paper', 'evidence')),
    -- Name in the store, without width and extension.
    name text not null constraint media_name_key unique,
    -- Every image is written anew as JPEG; PDFs stay as they came.
    mime text not null constraint media_mime check (mime in ('image/jpeg', 'application/pdf')),
    -- Size of the largest stored file.
    bytes bigint not null constraint media_bytes check (bytes between 1 and 10485760),
    width integer,
    height integer,
    created_at timestamptz not null,
    constraint media_picture_is_image check (purpose = 'paper' or mime = 'image/jpeg'),
    constraint media_owner check ((purpose = 'evidence') = (seller_id is null)),
    constraint media_image_size check (
        (mime = 'image/jpeg') = (width is not null) and (mime = 'image/jpeg') = (height is not null)
        and width > 0 and height > 0)
);
create index media_seller on media (seller_id, created_at);
create index media_evidence_of on media (uploaded_by) where purpose = 'evidence';

-- What a buyer's picture is shown for: a return or a complaint, whose two sides and officers may look at it.
create table evidence (
    media_id uuid not null constraint evidence_media_fk references media,
    subject_id uuid not null,
    constraint evidence_pk primary key (subject_id, media_id)
);
