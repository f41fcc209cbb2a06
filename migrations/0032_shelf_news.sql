-- What is new for the shelf (slice shelf): one row for each thing the public sees otherwise than before, written in the
-- transaction that changed it. Only triggers write here, with conditions on just the columns the public sees, so that no
-- slice below knows of the shelf, and a sale writes nothing unless a pack or a listing runs out by it or comes back.
--
-- A row says what to read again, never what it now is: to read too often changes nothing. What nobody ever changes has no
-- trigger: names of media, the content of an approved revision, the listing of a variant.

create table shelf_news (
    -- Readers stand at the last row in the order of (tx, id), and remember which older transactions were under way then: a
    -- gap that fills late, or a transaction that commits after a younger one, is never passed over.
    tx xid8 not null default pg_current_xact_id(),
    id bigint not null generated always as identity,
    -- `places`: what everything on the shelf carries, as names of places, and is read again with all of it.
    kind text not null constraint shelf_news_kind check (kind in ('listing', 'seller', 'certificate', 'common', 'places')),
    subject uuid,
    -- The machine's time, not the marketplace's: how long to keep the row, and what tells it from another one with the same
    -- numbers after a backup was restored.
    at timestamptz not null default clock_timestamp(),
    constraint shelf_news_pk primary key (tx, id),
    constraint shelf_news_subject check ((subject is null) = (kind in ('common', 'places')))
);

-- There is always a last row to stand at: the daily sweep keeps it, too.
insert into shelf_news (kind) values ('common');

-- Arguments: the kind, and the column that names the subject; for what holds for all, the kind alone.
create function note_shelf_news() returns trigger
language plpgsql as $$
begin
    insert into shelf_news (kind, subject)
    values (tg_argv[0], (to_jsonb(coalesce(new, old)) ->> tg_argv[1])::uuid);
    return null;
end $$;

-- The listing of the row's variant.
create function note_listing_of_variant() returns trigger
language plpgsql as $$
begin
    insert into shelf_news (kind, subject)
    select 'listing', listing_id
      from variants
     where id = coalesce(new.variant_id, old.variant_id);
    return null;
end $$;

create trigger listings_shelf_added after insert on listings
    for each row when (new.status = 'published')
    execute function note_shelf_news('listing', 'id');
create trigger listings_shelf_changed after update on listings
    for each row when (
        (old.status = 'published' or new.status = 'published')
        and (old.status, old.slug, old.seller_id, old.published_revision, old.published_at, old.set_no, old.title_vi,
             old.title_en, old.summary_vi, old.summary_en, old.commune_code, old.legacy_province_code,
             old.certificate_id, old.image_id, old.price_vnd, old.in_stock, old.rating_sum, old.rating_count, old.demo)
            is distinct from
            (new.status, new.slug, new.seller_id, new.published_revision, new.published_at, new.set_no, new.title_vi,
             new.title_en, new.summary_vi, new.summary_en, new.commune_code, new.legacy_province_code,
             new.certificate_id, new.image_id, new.price_vnd, new.in_stock, new.rating_sum, new.rating_count, new.demo))
    execute function note_shelf_news('listing', 'id');
create trigger listings_shelf_removed after delete on listings
    for each row when (old.status = 'published')
    execute function note_shelf_news('listing', 'id');

create trigger variants_shelf_added after insert on variants
    for each row when (new.active and new.approved)
    execute function note_shelf_news('listing', 'listing_id');
create trigger variants_shelf_changed after update on variants
    for each row when (
        ((old.active and old.approved) or (new.active and new.approved))
        and (old.active, old.approved, old.sku, old.name_vi, old.name_en, old.price_vnd, old.grams, old.position)
            is distinct from
            (new.active, new.approved, new.sku, new.name_vi, new.name_en, new.price_vnd, new.grams, new.position))
    execute function note_shelf_news('listing', 'listing_id');
create trigger variants_shelf_removed after delete on variants
    for each row when (old.active and old.approved)
    execute function note_shelf_news('listing', 'listing_id');

-- A sale that leaves something on the shelf writes nothing.
create trigger stock_shelf_added after insert on stock
    for each row when (new.on_hand > new.held)
    execute function note_listing_of_variant();
create trigger stock_shelf_turned after update on stock
    for each row when ((old.on_hand > old.held) <> (new.on_hand > new.held))
    execute function note_listing_of_variant();
create trigger stock_shelf_removed after delete on stock
    for each row when (old.on_hand > old.held)
    execute function note_listing_of_variant();

create trigger variant_price_breaks_shelf after insert or update or delete on variant_price_breaks
    for each row execute function note_listing_of_variant();
create trigger variant_caps_shelf_added after insert on variant_caps
    for each row when (new.per_order is not null)
    execute function note_listing_of_variant();
create trigger variant_caps_shelf_changed after update on variant_caps
    for each row when (old.per_order is distinct from new.per_order)
    execute function note_listing_of_variant();
create trigger variant_caps_shelf_removed after delete on variant_caps
    for each row when (old.per_order is not null)
    execute function note_listing_of_variant();

create trigger sellers_shelf_added after insert on sellers
    for each row when (new.status = 'approved')
    execute function note_shelf_news('seller', 'id');
create trigger sellers_shelf_changed after update on sellers
    for each row when (
        (old.status = 'approved' or new.status = 'approved')
        and (old.status, old.slug, old.kind, old.name, old.legal_name, old.representative, old.tax_code, old.phone,
             old.email, old.public_contact, old.commune_code, old.legacy_province_code, old.street, old.about_vi,
             old.about_en, old.closed_from, old.closed_to, old.demo)
            is distinct from
            (new.status, new.slug, new.kind, new.name, new.legal_name, new.representative, new.tax_code, new.phone,
             new.email, new.public_contact, new.commune_code, new.legacy_province_code, new.street, new.about_vi,
             new.about_en, new.closed_from, new.closed_to, new.demo))
    execute function note_shelf_news('seller', 'id');
create trigger sellers_shelf_removed after delete on sellers
    for each row when (old.status = 'approved')
    execute function note_shelf_news('seller', 'id');
create trigger seller_authentications_shelf after insert or delete on seller_authentications
    for each row execute function note_shelf_news('seller', 'seller_id');

-- Whether anything on the shelf names it.
create index listings_shelf_certificate on listings (certificate_id)
    where status = 'published' and certificate_id is not null;
-- A new certificate is read with the listing that names it; one that is named cannot be deleted.
create trigger certificates_shelf_changed after update on certificates
    for each row when (
        (old.status = 'verified' or new.status = 'verified')
        and (old.status, old.product_name, old.set_no, old.stars, old.decision_number, old.decision_date, old.authority,
             old.issued_on, old.expires_on, old.filed_on, old.revoked_on, old.superseded_by, old.province_code,
             old.legacy_province_code, old.demo)
            is distinct from
            (new.status, new.product_name, new.set_no, new.stars, new.decision_number, new.decision_date, new.authority,
             new.issued_on, new.expires_on, new.filed_on, new.revoked_on, new.superseded_by, new.province_code,
             new.legacy_province_code, new.demo))
    execute function note_shelf_news('certificate', 'id');

create trigger sale_rules_shelf after insert or update or delete on sale_rules
    for each statement execute function note_shelf_news('common');
create trigger selling_rules_shelf after insert or update or delete on selling_rules
    for each statement execute function note_shelf_news('common');
-- Every migration writes the sets again, as they were.
create trigger product_sets_shelf_added after insert on product_sets
    for each row execute function note_shelf_news('common');
create trigger product_sets_shelf_changed after update on product_sets
    for each row when (old.name_vi is distinct from new.name_vi)
    execute function note_shelf_news('common');
-- Every listing says the group of its set, and whereto it ships by that.
create trigger product_sets_shelf_regrouped after update on product_sets
    for each row when (old."group" is distinct from new."group")
    execute function note_shelf_news('places');

-- So does every import of places.
create trigger regions_shelf_added after insert on regions
    for each row execute function note_shelf_news('common');
create trigger regions_shelf_changed after update on regions
    for each row when ((old.name_vi, old.name_en, old.position) is distinct from (new.name_vi, new.name_en, new.position))
    execute function note_shelf_news('common');
create trigger provinces_shelf_added after insert on provinces
    for each row execute function note_shelf_news('common');
create trigger provinces_shelf_changed after update on provinces
    for each row when (
        (old.slug, old.name_vi, old.full_name_vi, old.name_en, old.kind, old.region)
        is distinct from
        (new.slug, new.name_vi, new.full_name_vi, new.name_en, new.kind, new.region))
    execute function note_shelf_news('places');
create trigger legacy_provinces_shelf_added after insert on legacy_provinces
    for each row execute function note_shelf_news('common');
create trigger legacy_provinces_shelf_changed after update on legacy_provinces
    for each row when (
        (old.slug, old.name_vi, old.kind, old.successor_code)
        is distinct from
        (new.slug, new.name_vi, new.kind, new.successor_code))
    execute function note_shelf_news('places');
create trigger communes_shelf_changed after update on communes
    for each row when (
        (old.slug, old.full_name_vi, old.province_code) is distinct from (new.slug, new.full_name_vi, new.province_code))
    execute function note_shelf_news('places');
