import { ANY, objectOf, type Shape } from './shape.js';

const LIST: Shape = { kind: 'list', item: ANY };
const MONEY = objectOf('value formatted currency');
const PRICE = objectOf('tax_label saved', {
  ...Object.fromEntries(
    ['', 'rrp_', 'sale_price_', 'non_sale_price_', 'map_price_'].flatMap((kind) => [
      [`${kind}with_tax`, MONEY],
      [`${kind}without_tax`, MONEY],
    ]),
  ),
  price_range: ANY,
});
const FACETS = { config: ANY, facets: ANY, meta: ANY, products: LIST, selected: ANY, state: ANY };

/**
 * What BigCommerce gives a storefront's page, and with it a script of the Scripts API, to print. Members are listed where a
 * referral program may want them; of the rest only the names are known.
 *
 * Source: BigCommerce, "Stencil Object Reference" (schemas), and the members that Cornerstone prints besides: `with_tax` prices,
 * `page.url`, `brand.id`, `variant_id` and `category_names` of a cart's items.
 */
export const STENCIL_CONTEXT: Shape = objectOf(
  'cart_id customer_group_id customer_group_name locale_name page_type template template_file is_ajax',
  {
    ...Object.fromEntries(
      (
        'banners blog breadcrumbs carousel categories category_results comparisons content_results brand_results brands countries ' +
        'create_account downloads faceted_search footer forms head order pages pagination posts product_results products ' +
        'remote_api_scripts reviews shipments shipping_messages shop_by_brand shop_by_price sitemap social_media theme_settings ' +
        'urls vault wishlist'
      )
        .split(' ')
        .map((name) => [name, ANY]),
    ),
    brand: objectOf('id name url faceted_search_enabled search_error show_compare', {
      ...FACETS,
      image: ANY,
    }),
    cart: objectOf('id quantity show_multiple_address_shipping show_primary_checkout_button', {
      additional_checkout_buttons: LIST,
      coupons: { kind: 'list', item: objectOf('id code displayName couponType', { discountedAmount: ANY }) },
      discount: MONEY,
      gift_certificates: LIST,
      gift_wrapping_cost: MONEY,
      grand_total: MONEY,
      items: {
        kind: 'list',
        item: objectOf(
          'id product_id variant_id sku name url quantity availability can_modify max_purchase_quantity min_purchase_quantity ' +
            'release_date show_free_shipping_message type',
          {
            brand: objectOf('name'),
            category_names: LIST,
            configurable_fields: LIST,
            custom_fields: LIST,
            image: ANY,
            options: LIST,
            price: MONEY,
            total: MONEY,
          },
        ),
      },
      shipping_handling: ANY,
      status_messages: LIST,
      sub_total: MONEY,
      taxes: LIST,
    }),
    category: objectOf('id name url description total_products faceted_search_enabled show_compare', {
      ...FACETS,
      detail_messages: ANY,
      image: ANY,
      shop_by_price: LIST,
      subcategories: LIST,
    }),
    checkout: objectOf('id order_confirmation_content checkout_head', {
      header_image: ANY,
      order: objectOf('id'),
    }),
    currency_selector: objectOf(
      'active_currency_id active_currency_flag active_currency_name active_currency_code',
      {
        currencies: LIST,
      },
    ),
    customer: objectOf(
      'id email name phone customer_group_id customer_group_name num_new_messages num_wishlists',
      {
        addresses: LIST,
        edit_stored_instrument: ANY,
        orders: LIST,
        payment_methods: ANY,
        recently_viewed_products: LIST,
        returns: ANY,
        shipping_address: ANY,
        shipping_addresses: LIST,
        store_credit: MONEY,
        wishlists: LIST,
      },
    ),
    page: objectOf('id title url content', { breadcrumbs: LIST, sub_pages: LIST }),
    product: objectOf(
      'id sku upc gtin mpn title url description meta_description meta_keywords page_title availability can_purchase cart_url ' +
        'condition depth height width weight gift_wrapping_available max_purchase_quantity min_purchase_quantity num_reviews ' +
        'out_of_stock out_of_stock_message rating show_quantity_input stock_level warranty add_to_wishlist_url pre_order',
      {
        AddThisServiceButtonMeta: ANY,
        add_this: LIST,
        brand: objectOf('name url'),
        bulk_discount_rates: LIST,
        category: LIST,
        custom_fields: LIST,
        customizations: LIST,
        detail_messages: ANY,
        images: LIST,
        main_image: objectOf('data alt'),
        options: LIST,
        price: PRICE,
        related_products: LIST,
        reviews: ANY,
        shipping: ANY,
        shipping_messages: LIST,
        similar_by_views: LIST,
        tags: LIST,
        videos: ANY,
      },
    ),
    search: ANY,
    settings: objectOf(
      'store_hash store_name store_time_zone store_dst_correction base_url secure_base_url secure_host cdn_url country_code ' +
        'region_code address phone_number privacy_cookie data_tag_enabled shopper_consent_tracking_enabled is_eu_ip_address ' +
        'client_ip_address theme_version_id theme_config_id theme_session_id tax_label payments_url rss_item_limit ' +
        'newsletter_summary display_date_format extended_display_date_format account_creation_enabled blog_enabled ' +
        'bulk_discount_enabled gift_certificates_enabled returns_enabled show_newsletter_box show_newsletter_summary ' +
        'show_payment_methods show_product_rating show_product_reviews show_wishlist',
      {
        add_this: ANY,
        facebook_like_button: ANY,
        general: ANY,
        maintenance: ANY,
        measurements: ANY,
        money: ANY,
        password_requirements: ANY,
        request: objectOf('absolute_path host is_crawler locale origin referer user_agent'),
        store_logo: ANY,
        storefront_api: objectOf('token'),
      },
    ),
  },
);

/** What a page's data is called at its root. */
export const PAGE_DATA: ReadonlySet<string> = new Set(
  STENCIL_CONTEXT.kind === 'object' ? STENCIL_CONTEXT.members.keys() : [],
);
