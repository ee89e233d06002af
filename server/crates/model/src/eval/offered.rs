//! What Python, Pydantic and the framework give to objects by themselves: the names that `dir` lists of them. One with a `?`
//! is there in some versions only. What every object has is listed once.

/// Every object.
pub(super) const OBJECT: &str = "\
    __annotations__? __class__ __delattr__ __dict__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ \
    __getstate__ __gt__ __hash__ __init__ __init_subclass__ __le__ __lt__ __module__ __ne__ __new__ __reduce__ \
    __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ __subclasshook__ __weakref__";
/// Classes.
pub(super) const TYPE: &str = "\
    __abstractmethods__ __base__ __bases__ __basicsize__ __call__ __dictoffset__ __firstlineno__ __flags__ \
    __instancecheck__ __itemsize__ __mro__ __name__ __or__ __prepare__ __qualname__ __ror__ __static_attributes__ \
    __subclasscheck__ __subclasses__ __text_signature__ __type_params__? __weakrefoffset__ mro";
/// Functions.
pub(super) const FUNCTION: &str = "\
    __builtins__ __call__ __closure__ __code__ __defaults__ __get__ __globals__ __kwdefaults__ __name__ __qualname__ \
    __type_params__?";
/// Bound methods, beside what functions have.
pub(super) const METHOD: &str = "__call__ __func__ __self__";
/// `str`.
pub(super) const STR: &str = "\
    __add__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ __rmod__ __rmul__ capitalize \
    casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal \
    isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans \
    partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines \
    startswith strip swapcase title translate upper zfill";
/// `bytes`.
pub(super) const BYTES: &str = "\
    __add__ __buffer__? __bytes__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ __rmod__ \
    __rmul__ capitalize center count decode endswith expandtabs find fromhex hex index isalnum isalpha isascii \
    isdigit islower isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix \
    replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate \
    upper zfill";
/// `list`.
pub(super) const LIST: &str = "\
    __add__ __class_getitem__ __contains__ __delitem__ __getitem__ __iadd__ __imul__ __iter__ __len__ __mul__ \
    __reversed__ __rmul__ __setitem__ append clear copy count extend index insert pop remove reverse sort";
/// `dict`.
pub(super) const DICT: &str = "\
    __class_getitem__ __contains__ __delitem__ __getitem__ __ior__ __iter__ __len__ __or__ __reversed__ __ror__ \
    __setitem__ clear copy fromkeys get items keys pop popitem setdefault update values";
/// `set`.
pub(super) const SET: &str = "\
    __and__ __class_getitem__ __contains__ __iand__ __ior__ __isub__ __iter__ __ixor__ __len__ __or__ __rand__ \
    __ror__ __rsub__ __rxor__ __sub__ __xor__ add clear copy difference difference_update discard intersection \
    intersection_update isdisjoint issubset issuperset pop remove symmetric_difference symmetric_difference_update \
    union update";
/// `tuple`.
pub(super) const TUPLE: &str = "\
    __add__ __class_getitem__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mul__ __rmul__ count index";
/// `int`.
pub(super) const INT: &str = "\
    __abs__ __add__ __and__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getnewargs__ __index__ \
    __int__ __invert__ __lshift__ __mod__ __mul__ __neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rdivmod__ \
    __rfloordiv__ __rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ \
    __rtruediv__ __rxor__ __sub__ __truediv__ __trunc__ __xor__ as_integer_ratio bit_count bit_length conjugate \
    denominator from_bytes imag is_integer? numerator real to_bytes";
/// `float`.
pub(super) const FLOAT: &str = "\
    __abs__ __add__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getformat__ __getnewargs__ \
    __int__ __mod__ __mul__ __neg__ __pos__ __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ \
    __rpow__ __rsub__ __rtruediv__ __sub__ __truediv__ __trunc__ as_integer_ratio conjugate fromhex hex imag \
    is_integer real";
/// Exceptions.
pub(super) const EXCEPTION: &str = "\
    __cause__ __context__ __setstate__ __suppress_context__ __traceback__ add_note args with_traceback";
/// Modules.
pub(super) const MODULE: &str = "__builtins__ __cached__ __file__ __loader__ __name__ __package__ __spec__";
/// Members of enums.
pub(super) const ENUM: &str = "name value";
/// Enums.
pub(super) const ENUM_CLASS: &str = "A __contains__ __getitem__ __iter__ __len__ __members__ __name__ __qualname__";
/// Pydantic's models, classes and instances.
pub(super) const MODEL: &str = "\
    __abstractmethods__ __class_getitem__ __class_vars__ __copy__ __deepcopy__ __fields__ __fields_set__ \
    __get_pydantic_core_schema__ __get_pydantic_json_schema__ __getattr__ __iter__ __pretty__ __private_attributes__ \
    __pydantic_complete__ __pydantic_computed_fields__? __pydantic_core_schema__ __pydantic_custom_init__ \
    __pydantic_decorators__ __pydantic_extra__ __pydantic_extra_info__? __pydantic_fields__? __pydantic_fields_set__ \
    __pydantic_generic_metadata__ __pydantic_init_subclass__ __pydantic_on_complete__? __pydantic_parent_namespace__ \
    __pydantic_post_init__ __pydantic_private__ __pydantic_root_model__ __pydantic_serializer__ \
    __pydantic_setattr_handlers__? __pydantic_validator__ __replace__? __repr_args__ __repr_name__ \
    __repr_recursion__? __repr_str__ __rich_repr__ __setstate__ __signature__ __slots__ construct copy dict from_orm \
    json model_computed_fields model_config model_construct model_copy model_dump model_dump_json model_extra \
    model_fields model_fields_set model_json_schema model_parametrized_name model_post_init model_rebuild \
    model_validate model_validate_json model_validate_strings? parse_file parse_obj parse_raw schema schema_json \
    update_forward_refs validate";
/// The same of Pydantic 1.
pub(super) const MODEL_1: &str = "\
    Config __abstractmethods__ __class_vars__ __config__ __custom_root_type__ __exclude_fields__ __fields__ \
    __fields_set__ __get_validators__ __include_fields__ __iter__ __json_encoder__ __post_root_validators__ \
    __pre_root_validators__ __pretty__ __private_attributes__ __repr_args__ __repr_name__ __repr_str__ __rich_repr__ \
    __schema_cache__ __setstate__ __signature__ __slots__ __try_update_forward_refs__ __validators__ construct copy \
    dict from_orm json parse_file parse_obj parse_raw schema schema_json update_forward_refs validate";
/// `FastAPI()`.
pub(super) const APP: &str = "\
    __call__ add_api_route add_api_websocket_route add_event_handler? add_exception_handler add_middleware add_route \
    add_websocket_route? api_route build_middleware_stack contact debug delete dependency_overrides description \
    docs_url exception_handler exception_handlers extra? frontend? get head host include_router license_info \
    max_body_size? middleware middleware_stack mount on_event openapi openapi_external_docs? openapi_schema \
    openapi_tags openapi_url openapi_version options patch post put redoc_url root_path root_path_in_servers route? \
    router routes separate_input_output_schemas? servers setup state summary swagger_ui_init_oauth \
    swagger_ui_oauth2_redirect_url swagger_ui_parameters terms_of_service title trace url_path_for user_middleware \
    version webhooks websocket websocket_route";
/// `APIRouter()`.
pub(super) const ROUTER: &str = "\
    __call__ add_api_route add_api_websocket_route add_event_handler add_route add_websocket_route api_route app? \
    callbacks default default_response_class delete dependencies dependency_overrides_provider deprecated \
    form_limits? frontend? generate_unique_id_function get handle? head host include_in_schema include_router \
    lifespan lifespan_context matches? max_body_size? middleware_stack? mount not_found on_event on_shutdown \
    on_startup options patch post prefix put redirect_slashes responses route route_class routes shutdown? startup? \
    strict_content_type? tags trace url_path_for websocket websocket_route";
/// `APIRoute`.
pub(super) const API_ROUTE: &str = "\
    __call__ app body_field callbacks dependant dependencies dependency_overrides_provider deprecated description \
    endpoint form_limits? generate_unique_id_function get_route_handler handle include_in_schema is_json_stream? \
    is_sse_stream? matches max_body_size? methods name openapi_extra operation_id param_convertors path path_format \
    path_regex response_class response_description response_field response_fields response_model \
    response_model_by_alias response_model_exclude response_model_exclude_defaults response_model_exclude_none \
    response_model_exclude_unset response_model_include responses secure_cloned_response_field? status_code \
    stream_item_field? stream_item_type? strict_content_type? summary tags unique_id url_path_for";
/// `APIWebSocketRoute`.
pub(super) const API_WEBSOCKET_ROUTE: &str = "\
    __call__ app dependant dependencies endpoint handle matches name param_convertors path path_format path_regex \
    url_path_for";
/// `_IncludedRouter`, which is there since FastAPI 0.137.
pub(super) const INCLUDED_ROUTER: &str = "\
    effective_candidates effective_low_priority_routes effective_route_contexts handle include_context matches \
    original_router url_path_for";
/// Starlette's `Route`.
pub(super) const ROUTE: &str = "\
    __call__ app endpoint handle include_in_schema matches methods name param_convertors path path_format path_regex \
    url_path_for";
/// Starlette's `Mount`.
pub(super) const MOUNT: &str = "\
    __call__ app handle matches name param_convertors path path_format path_regex routes url_path_for";
