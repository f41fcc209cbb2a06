-- The plainest reading of every filter and order of the catalogue, over the one definition of "on the shelf": what the
-- model in memory is held against.

-- The cards that fit; what is left out fits all. The names are those of the query's parameters.
create function oracle_matches(
    today date,
    region text default null,
    province text default null,
    legacy_province text default null,
    commune text default null,
    "set" smallint[] default null,
    "group" text default null,
    stars smallint[] default null,
    stars_min smallint default null,
    seller text default null,
    price_min bigint default null,
    price_max bigint default null,
    in_stock boolean default null,
    age smallint default null)
returns setof shelf_card
language sql stable
begin atomic
    select card.*
      from shelf_cards(today) as card
     where (oracle_matches.region is null or card.region = oracle_matches.region)
       and (province is null or card.province_code = province)
       and (legacy_province is null or card.legacy_province_code = legacy_province)
       and (commune is null or card.commune_code = commune)
       and ("set" is null or card.set_no = any ("set"))
       and (oracle_matches."group" is null or card."group" = oracle_matches."group")
       and (oracle_matches.stars is null or card.stars = any (oracle_matches.stars))
       and (stars_min is null or card.stars >= stars_min)
       and (seller is null or card.seller_slug = seller)
       and (price_min is null or card.price_vnd >= price_min)
       and (price_max is null or card.price_vnd <= price_max)
       and (oracle_matches.in_stock is null or card.in_stock = oracle_matches.in_stock)
       and (card.minimum_age is null or card.minimum_age <= age);
end;

-- Where a card stands in an order, best highest.
create function oracle_key(card shelf_card, sort text) returns bigint
language sql stable
return case sort
    when 'newest' then (extract(epoch from card.published_at) * 1000000)::bigint
    when 'price' then -coalesce(card.price_vnd, 1000000000000)
    when 'price_desc' then coalesce(card.price_vnd, -1)
    when 'rating' then coalesce(card.rating_sum * 1000 / nullif(card.rating_count, 0), 0)
    else coalesce(card.stars, 0) * 10
         + case when card.in_stock then 5 else 0 end
         + coalesce(card.rating_sum / nullif(card.rating_count, 0), 0)
    end;
